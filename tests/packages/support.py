"""What the tests of packages share: where things are, and how a server is run."""

import contextlib
import dataclasses
import json
import os
import pathlib
import queue
import socket
import subprocess
import threading
import tomllib
import urllib.error
import urllib.request

ROOT = pathlib.Path(__file__).parent.parent.parent
PACKAGING = ROOT / "packaging"
VERSION = tomllib.loads((ROOT / "Cargo.toml").read_text())["workspace"]["package"]["version"]
# Folder with what packaging/release has made.
DIST = pathlib.Path(os.environ.get("LATCHHOOK_DIST_DIR", ROOT / "dist"))
# Processors that it was made for, each by the name that it has in Debian.
MADE_FOR = os.environ.get("LATCHHOOK_ARCHITECTURES", "x86_64 aarch64").split()
DEBIAN_NAMES = {"amd64": "x86_64", "arm64": "aarch64"}
DEBIAN_NAMES = {debian: name for debian, name in DEBIAN_NAMES.items() if name in MADE_FOR}
TOKEN = "lhop_" + 40 * "t"
# The user of the image and of the chart.
NOBODY = 65532
PATIENCE = 60


def run(*command, **options):
    """Output of a command that has to succeed."""
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, check=False, **options)
    if done.returncode:
        raise AssertionError(f"{command} ended with {done.returncode}: {done.stdout}{done.stderr}")
    return done.stdout


def refused(*command, **options):
    """What a command says that has to fail."""
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, check=False, **options)
    if not done.returncode:
        raise AssertionError(f"{command} succeeded: {done.stdout}")
    return done.stdout + done.stderr


def free_port():
    """A port of this machine that nobody listens on."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return listening.getsockname()[1]


@dataclasses.dataclass
class Server:
    """A running server."""

    url: str
    # What it wrote before it served.
    said: str
    process: subprocess.Popen


@contextlib.contextmanager
def serving(*command, **options):
    """Runs a server until the end of the block."""
    process = subprocess.Popen(list(map(str, command)), stderr=subprocess.PIPE, text=True, **options)
    lines = queue.Queue()

    def read():
        for line in process.stderr:
            lines.put(line)
        lines.put(None)

    threading.Thread(target=read, daemon=True).start()
    said = []
    try:
        while True:
            line = lines.get(timeout=PATIENCE)
            if line is None:
                raise AssertionError(f"{command} does not serve: {''.join(said)}")
            said.append(line)
            with contextlib.suppress(ValueError):
                if address := json.loads(line).get("address"):
                    break
        # Where it listens on every address it is asked on this machine's own.
        yield Server(f"http://{address.replace('0.0.0.0', '127.0.0.1')}", "".join(said), process)
    finally:
        process.terminate()
        process.wait(PATIENCE)
        process.stderr.close()


def ask(url, method="GET", token=TOKEN, **options):
    """Status and body of an answer."""
    request = urllib.request.Request(url, method=method, headers={"Authorization": f"Bearer {token}"})
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE, **options) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as answer:
        return answer.code, answer.read()
