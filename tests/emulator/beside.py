"""Runs a command with an emulator, given by environment variables; exits with its status."""

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
