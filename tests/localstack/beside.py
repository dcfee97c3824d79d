"""Runs a command whose SQS, SNS and Secrets Manager are LocalStack's; the rest is the emulator's.

usage: beside.py PYTHON-OF-LOCALSTACK COMMAND...
"""

import os
import subprocess
import sys

import localstack
from localstack import emulator


def main():
    """Exits with the command's status."""
    with localstack.running(sys.argv[1]) as url, emulator.running() as beside:
        environment = os.environ | beside.environment() | {
            "AWS_ENDPOINT_URL_SQS": url,
            "AWS_ENDPOINT_URL_SNS": url,
            "AWS_ENDPOINT_URL_SECRETS_MANAGER": url,
        }
        return subprocess.run(sys.argv[2:], env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
