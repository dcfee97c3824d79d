"""Starts the emulator in this process, as `python -m ministack` would, but answering at once."""

import socketserver

# Lambda's runtime API is served by Python's own server, which waits for small answers to grow.
socketserver.StreamRequestHandler.disable_nagle_algorithm = True

from ministack.app import main  # noqa: E402

main()
