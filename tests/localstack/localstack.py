"""LocalStack without Docker, for the services whose contract suites it passes."""

import contextlib
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "emulator"))

import emulator  # noqa: E402

START_SECONDS = 120
SERVICES = ["sqs", "sns", "secretsmanager", "iam"]


@contextlib.contextmanager
def running(python):
    """Starts LocalStack with that Python and yields its address; stops it however the block ends."""
    port = emulator.free_port()
    url = f"http://127.0.0.1:{port}"
    with tempfile.TemporaryDirectory(prefix="localstack-") as directory:
        log = pathlib.Path(directory, "log")
        process = subprocess.Popen(
            [python, "-m", "localstack.runtime.main"],
            env={
                "PATH": os.environ["PATH"],
                "HOME": directory,
                "TMPDIR": directory,
                "FILESYSTEM_ROOT": directory,
                "GATEWAY_LISTEN": f"127.0.0.1:{port}",
                "SERVICES": ",".join(SERVICES),
                "EAGER_SERVICE_LOADING": "1",
                "DISABLE_EVENTS": "1",
                "SKIP_SSL_CERT_DOWNLOAD": "1",
            },
            cwd=directory,
            stdin=subprocess.DEVNULL,
            stdout=log.open("w"),
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            _await_health(url, process, log)
            yield url
        finally:
            # It may ignore SIGTERM.
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _await_health(url, process, log):
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{url}/_localstack/health", timeout=1):
                return
        except OSError:
            time.sleep(0.2)
    sys.exit(f"LocalStack did not come up in {START_SECONDS} s:\n{log.read_text()}")
