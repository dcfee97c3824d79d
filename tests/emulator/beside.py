"""Runs a command beside an emulator that it finds in its environment, and ends as it does."""

import os
import subprocess
import sys

import emulator


def main():
    with emulator.running() as running:
        environment = os.environ | running.environment()
        return subprocess.run(sys.argv[1:], env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
