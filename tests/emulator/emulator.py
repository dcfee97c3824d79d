"""An emulator of AWS that checks signatures and permissions as AWS does."""

import contextlib
import os
import pathlib
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request

import boto3

START_SECONDS = 60
REGION = "us-east-1"


class Emulator:
    """A running emulator, ours or a stranger's."""

    def __init__(self, url):
        self.url = url.rstrip("/")

    def environment(self):
        """Environment variables of a process that uses the emulator."""
        return {
            "LATCHHOOK_AWS_ENDPOINT": self.url,
            "AWS_ENDPOINT_URL": self.url,
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_REGION": REGION,
        }

    def client(self, service, key_id="test", access_key="test"):
        """A client of one of its services; by default with the root key of the account."""
        return boto3.client(
            service,
            region_name=REGION,
            endpoint_url=self.url,
            aws_access_key_id=key_id,
            aws_secret_access_key=access_key,
        )


@contextlib.contextmanager
def running():
    """Starts an emulator, and stops it however the block ends."""
    port = free_port()
    emulator = Emulator(f"http://127.0.0.1:{port}")
    with tempfile.TemporaryDirectory(prefix="emulator-") as directory, open(
        os.path.join(directory, "log"), "w+", encoding="utf-8"
    ) as log:
        process = subprocess.Popen(
            [sys.executable, "-B", pathlib.Path(__file__).parent / "launch.py"],
            # Lambda functions run as child processes of the emulator, and inherit its environment.
            env={
                "PATH": os.environ["PATH"],
                "HOME": directory,
                "TMPDIR": directory,
                "AWS_ENDPOINT_URL": emulator.url,
                "AWS_ACCESS_KEY_ID": "test",
                "AWS_SECRET_ACCESS_KEY": "test",
                "AWS_DEFAULT_REGION": REGION,
                "GATEWAY_PORT": str(port),
                "BIND_HOST": "127.0.0.1",
                "IOT_MTLS_ENABLED": "0",
                "SFTP_ENABLED": "0",
                "AUTH": "true",
            },
            cwd=directory,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        try:
            _await_health(emulator.url, process, log)
            yield emulator
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def free_port():
    """Finds a free port of this machine."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _await_health(url, process, log):
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{url}/_ministack/health", timeout=1):
                return
        except OSError:
            time.sleep(0.1)
    log.seek(0)
    sys.exit(f"the emulator did not come up in {START_SECONDS} s:\n{log.read()}")
