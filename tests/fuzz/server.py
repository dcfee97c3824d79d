"""A `latchhook serve` process on a fresh directory and a free port, stopped when the block ends."""

import contextlib
import json
import os
import re
import secrets
import signal
import subprocess
import sys
import tempfile
import threading
import urllib.request

START_SECONDS = 30
STOP_SECONDS = 25

# Deliveries to SNS go nowhere: nothing listens on the discard port of this machine.
NOWHERE = "http://127.0.0.1:9"


class Server:
    """A running server and its operator's token."""

    def __init__(self, process, log):
        self.process = process
        self.log = log
        self.url = None
        self.token = None

    def call(self, method, path, body=None, account=None):
        """Calls the API; returns the JSON. An HTTP error raises."""
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        if account:
            headers["Latchhook-Account"] = account
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, data, headers, method=method)
        with urllib.request.urlopen(request, timeout=START_SECONDS) as response:
            return json.load(response)

    def last_lines(self, count=40):
        """The last lines of its log."""
        self.log.seek(0)
        return "".join(self.log.readlines()[-count:])


@contextlib.contextmanager
def running(**environment):
    """Starts a server with these environment variables, and stops it however the block ends."""
    # If this process is terminated, it must still stop the server.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with tempfile.TemporaryDirectory(prefix="latchhook-") as directory, open(
        os.path.join(directory, "log"), "w+", encoding="utf-8"
    ) as log:
        token = "lhop_" + secrets.token_hex(20)
        process = subprocess.Popen(
            [
                os.environ["LATCHHOOK_BIN"],
                "serve",
                "--data-dir",
                os.path.join(directory, "data"),
                "--listen",
                "127.0.0.1:0",
            ],
            env=dict(
                os.environ,
                LATCHHOOK_OPERATOR_TOKEN=token,
                LATCHHOOK_LOG_FORMAT="json",
                **{"AWS_ENDPOINT_URL_SNS": NOWHERE, **environment},
            ),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        server = Server(process, log)
        server.token = token
        try:
            server.url = _address(process, log)
            yield server
        finally:
            _stop(process)


def _address(process, log):
    """Follows the log in the background; returns the first local address in it."""
    found = threading.Event()
    address = []

    def follow():
        for line in process.stdout:
            log.write(line)
            log.flush()
            at = None if address else re.search(r"127\.0\.0\.1:([1-9]\d*)", line)
            if at:
                address.append(f"http://{at[0]}")
                found.set()
        found.set()

    threading.Thread(target=follow, daemon=True).start()
    if not found.wait(START_SECONDS) or not address:
        log.seek(0)
        sys.exit(f"latchhook serve said no address in {START_SECONDS} s:\n{log.read()}")
    return address[0]


def _stop(process):
    process.terminate()
    try:
        status = process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        sys.exit(f"latchhook serve did not end within {STOP_SECONDS} s of SIGTERM")
    if status:
        sys.exit(f"latchhook serve ended with {status}")
