"""Measures the cold start of the Lambda functions: time, memory, size.

Every function is started many times over, in turn with a hello world of the same runtime and the
same profile, and each figure is given beside its ratio to that. The Lambda Runtime API is played on
loopback, so a start has its calls in it and no network.

A start needs nothing of AWS, and neither does the first invocation: a request without a key (the
dashboard's is for /healthz), or an empty batch. One that does ask AWS ends the bench; test_start.py
holds every function to that. Memory is the most that was resident until the answer.
"""

import argparse
import io
import json
import os
import pathlib
import platform
import queue
import signal
import socketserver
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import zipfile

import rendered
from resolved import Resolver

ROOT = pathlib.Path(__file__).parent.parent.parent
HELLO = "hello"
# Limit for a start, in seconds; a slower one counts as broken.
PATIENCE = 30


def request(path, **more):
    """A request without a key, as an HTTP API passes it on."""
    return {
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": path,
        "rawQueryString": "",
        "headers": {"host": "abc.execute-api.us-east-1.amazonaws.com"},
        "requestContext": {
            "accountId": "000000000000",
            "apiId": "abc",
            "stage": "$default",
            "requestId": "1",
            "http": {"method": "GET", "path": path, "protocol": "HTTP/1.1", "sourceIp": "203.0.113.7"},
            **more,
        },
        "isBase64Encoded": False,
    }


def question(path):
    """A request as it is passed to an authorizer."""
    arrived = {"time": "25/Nov/2026:00:00:00 +0000", "timeEpoch": 1795564800000}
    asked = request(path, routeKey="$default", **arrived)
    arn = "arn:aws:execute-api:us-east-1:000000000000:abc/$default"
    return {**asked, "type": "REQUEST", "routeArn": arn, "identitySource": []}


# The functions, and the first request of each.
FUNCTIONS = {
    "accounts": request("/v1/accounts"),
    "api-keys": request("/v1/api_keys"),
    "webhooks": request("/v1/webhooks"),
    "events": request("/v1/events"),
    "logs": request("/v1/logs"),
    "dashboard": request("/healthz"),
    "authorizer": question("/"),
    "deliver": {"Records": []},
    "relay": {"Records": []},
}

# Variables whose values the deployment makes.
MADE = {
    "LATCHHOOK_EVENTS_TABLE": "events",
    "LATCHHOOK_VIEWS_TABLE": "views",
    "LATCHHOOK_DELIVERIES_QUEUE": "https://sqs.us-east-1.amazonaws.com/000000000000/deliveries",
    "LATCHHOOK_RETRY_MINUTES_QUEUE": "https://sqs.us-east-1.amazonaws.com/000000000000/minutes",
    "LATCHHOOK_RETRY_HOURS_QUEUE": "https://sqs.us-east-1.amazonaws.com/000000000000/hours",
    "LATCHHOOK_STACK": "latchhook",
    "LATCHHOOK_PUBLIC_URL": "https://abc.execute-api.us-east-1.amazonaws.com",
}


def deployed():
    """What infra/template.yaml tells every function, with its defaults."""
    template = rendered.read()
    variables = Resolver(template)(template["Globals"]["Function"]["Environment"]["Variables"])
    return {name: str(value) for name, value in variables.items()} | MADE


ENVIRONMENT = {
    **deployed(),
    # Variables that Lambda itself adds.
    "AWS_REGION": "us-east-1",
    "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE",
    "AWS_SECRET_ACCESS_KEY": "bench",
    "AWS_SESSION_TOKEN": "bench",
    "AWS_LAMBDA_FUNCTION_NAME": "bench",
    "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
    "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "256",
    "AWS_LAMBDA_LOG_GROUP_NAME": "bench",
    "AWS_LAMBDA_LOG_STREAM_NAME": "bench",
}

# Trace header of every invocation.
TRACE = "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1"


def main():
    """Builds, measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--runs", type=int, default=20, help="starts of each function")
    parser.add_argument("--only", nargs="+", choices=FUNCTIONS, help="some functions only")
    parser.add_argument("--json", action="store_true", help="JSON on standard output")
    options = parser.parse_args()
    names = [HELLO, *(options.only or FUNCTIONS)]
    built = build(names)
    starts = {name: [] for name in names}
    with Stage() as stage, tempfile.TemporaryDirectory() as folder:
        sizes = {name: deploy(built[name], pathlib.Path(folder, name)) for name in names}
        for _ in range(options.runs):
            for name in names:
                starts[name].append(stage.start(name, f"{folder}/{name}/bootstrap"))
    figures = {name: figures_of(starts[name], sizes[name]) for name in names}
    show(figures, options.runs, sys.stderr if options.json else sys.stdout)
    if options.json:
        machine = {"machine": platform.machine(), "cores": os.cpu_count(), "runs": options.runs}
        print(json.dumps({**machine, "functions": with_ratios(figures)}, indent=2))


def build(names):
    """Builds the binaries as for Lambda, but for this machine; returns a path for each name."""
    command = ["cargo", "build", "--locked", "--profile", "lambda"]
    command += ["--message-format", "json-render-diagnostics"]
    binaries = {}
    # One by one, as they are deployed: built together, they would share their features.
    for name in names:
        own = ["--package", f"lambda-{name}", "--bin", f"lambda-{name}"]
        if name == HELLO:
            own = ["--package", "latchhook-lambda", "--example", HELLO]
        built = subprocess.run(command + own, cwd=ROOT, stdout=subprocess.PIPE, check=True)
        messages = [json.loads(line) for line in built.stdout.splitlines()]
        [binaries[name]] = [m["executable"] for m in messages if m.get("executable")]
    return binaries


def deploy(binary, folder):
    """Packs a binary as `sam package` does and unpacks it as Lambda does; returns the package's size.

    The linker writes here and there, so that the system has its output in memory in single pages; what
    is written from front to back, as Lambda's are, it has and maps in larger pieces.
    """
    package = io.BytesIO()
    with zipfile.ZipFile(package, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(binary, "bootstrap")
    with zipfile.ZipFile(package) as archive:
        os.chmod(archive.extract("bootstrap", folder), 0o755)
    return package.tell()


class Stage(socketserver.ThreadingTCPServer):
    """Lambda's runtime API and AWS for one function at a time."""

    daemon_threads = True
    block_on_close = False

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Conversation)
        self.invocation = None
        self.heard = queue.Queue()
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def __exit__(self, *_):
        self.shutdown()
        self.server_close()

    def start(self, name, binary, asked=None, **more):
        """Starts a function, with `more` in its environment, and has it answer once: `asked`, or its first
        request from the table above."""
        self.invocation = json.dumps(asked or FUNCTIONS.get(name, {}))
        self.heard = queue.Queue()
        address = "{}:{}".format(*self.server_address)
        environment = {
            **ENVIRONMENT,
            **more,
            "AWS_LAMBDA_RUNTIME_API": address,
            "AWS_ENDPOINT_URL": f"http://{address}",
        }
        nowhere = [(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)]
        began = time.perf_counter()
        process = os.posix_spawn(binary, [binary], environment, file_actions=nowhere)
        try:
            ready = self.wait_for(name, "next")
            answered = self.wait_for(name, "response")
            # The function waits again, so its answer is complete.
            self.wait_for(name, "next")
            memory = peak_memory(process)
        finally:
            os.kill(process, signal.SIGKILL)
            os.waitpid(process, 0)
        return {"next": ready - began, "answer": answered - began, "memory": memory}

    def wait_for(self, name, wanted):
        """Waits for that message of the function; returns its time."""
        try:
            said, at, body = self.heard.get(timeout=PATIENCE)
        except queue.Empty:
            raise Unexpected(f"{name}: no {wanted} within {PATIENCE} s") from None
        if said != wanted:
            raise Unexpected(f"{name}: {said} instead of {wanted}: {body.decode()}")
        return at

    def answer(self, path, body):
        """Answer to a request: a status and a text; none if the caller is to wait."""
        said = path.rpartition("/")[2] or "a call of AWS"
        self.heard.put((said, time.perf_counter(), body))
        if said != "next":
            return "202 Accepted", "{}"
        invocation, self.invocation = self.invocation, None
        return invocation and ("200 OK", invocation)


class Unexpected(Exception):
    """A function that failed to start and answer."""


class Conversation(socketserver.StreamRequestHandler):
    """Minimal HTTP on one connection, because its time counts as the function's."""

    disable_nagle_algorithm = True

    def handle(self):
        """Answers until the other side is gone or has to wait."""
        try:
            while line := self.rfile.readline():
                path = line.split()[1].decode()
                head = {}
                while (line := self.rfile.readline().strip()):
                    name, _, value = line.decode().partition(":")
                    head[name.lower()] = value.strip()
                body = self.rfile.read(int(head.get("content-length", 0)))
                answer = self.server.answer(path, body)
                if answer is None:
                    self.rfile.read()
                    return
                self.say(*answer)
        except ConnectionError:
            # The function was killed, as every one is at the end.
            pass

    def say(self, status, text):
        """Sends an answer, with the headers of an invocation."""
        deadline = int(time.time() * 1000) + 29_000
        self.wfile.write(
            f"HTTP/1.1 {status}\r\ncontent-type: application/json\r\n"
            f"content-length: {len(text.encode())}\r\nlambda-runtime-aws-request-id: bench\r\n"
            f"lambda-runtime-deadline-ms: {deadline}\r\nlambda-runtime-trace-id: {TRACE}\r\n"
            f"lambda-runtime-invoked-function-arn: arn:aws:lambda:us-east-1:0:function:bench\r\n"
            f"\r\n{text}".encode()
        )


def peak_memory(process):
    """Peak resident memory, in bytes."""
    status = pathlib.Path(f"/proc/{process}/status").read_text(encoding="utf-8")
    [line] = [line for line in status.splitlines() if line.startswith("VmHWM:")]
    return int(line.split()[1]) * 1024


def figures_of(starts, size):
    """Medians, in milliseconds and bytes."""
    median = {name: statistics.median(start[name] for start in starts) for name in starts[0]}
    return {
        "next_ms": round(median["next"] * 1000, 2),
        "answer_ms": round(median["answer"] * 1000, 2),
        "memory_bytes": int(median["memory"]),
        "zip_bytes": size,
    }


def with_ratios(figures):
    """Adds to each figure its ratio to hello world's."""
    hello = figures[HELLO]
    return {
        name: {**own, "ratio": {unit: round(own[unit] / hello[unit], 2) for unit in own}}
        for name, own in figures.items()
    }


def show(figures, runs, to):
    """Prints the table."""
    print(f"medians of {runs} starts, {platform.machine()}, {os.cpu_count()} cores", file=to)
    row = "{:<12}" + "{:>16}" * 4
    print(row.format("", "next, ms", "answer, ms", "memory, MB", "zip, MB"), file=to)
    scale = {"next_ms": 1, "answer_ms": 1, "memory_bytes": 1e6, "zip_bytes": 1e6}
    for name, own in with_ratios(figures).items():
        cells = [f"{own[unit] / scale[unit]:.2f} ({own['ratio'][unit]:.2f}x)" for unit in scale]
        print(row.format(name, *cells), file=to)


if __name__ == "__main__":
    try:
        main()
    except Unexpected as why:
        sys.exit(str(why))
