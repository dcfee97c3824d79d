"""Runs the scenarios of conformance.json with a library, against a server of its own.

    conformance.py COMMAND...

The command gets the server's address and token, a proxy with faults and a receiver of deliveries in its
environment, and exits with 0 if everything was as the scenarios say.
"""

import contextlib
import http.client
import http.server
import json
import os
import pathlib
import queue
import subprocess
import sys
import threading
import urllib.parse

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "fuzz"))
import server  # noqa: E402

PATIENCE_SECONDS = 20
TIMEOUT_SECONDS = 300
LIMITED = {
    "error": "Too many requests.",
    "code": "rate_limited",
    "param": None,
    "request_id": "req_1",
}
UNAVAILABLE = {**LIMITED, "error": "Not now.", "code": "unavailable"}


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def answer(self, status, body, headers=()):
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def body(self):
        return self.rfile.read(int(self.headers.get("Content-Length", 0)))


class Receiver(Handler):
    """Keeps what is delivered; `GET` takes the oldest of it."""

    deliveries = queue.Queue()

    def do_POST(self):
        body = self.body().decode()
        self.deliveries.put({"headers": dict(self.headers), "body": body})
        self.answer(204, b"")

    def do_GET(self):
        try:
            delivery = self.deliveries.get(timeout=PATIENCE_SECONDS)
        except queue.Empty:
            self.answer(504, b"nothing was delivered")
            return
        self.answer(200, json.dumps(delivery).encode())


class Proxy(Handler):
    """Passes on everything but for the first try of each call, of which the path says what becomes."""

    upstream = None
    seen = set()

    def any_method(self):
        _, fault, path = self.path.split("/", 2)
        path, body = "/" + path, self.body()
        call = (fault, self.command, path, self.headers.get("Idempotency-Key"))
        is_first = call not in self.seen
        self.seen.add(call)
        if is_first and fault == "unavailable":
            self.answer(503, json.dumps(UNAVAILABLE).encode())
            return
        if is_first and fault == "limited":
            self.answer(429, json.dumps(LIMITED).encode(), [("Retry-After", "7")])
            return
        status, headers, answer = self.ask(path, body)
        if is_first and fault == "lost":
            self.close_connection = True
            return
        self.answer(status, answer, headers)

    do_GET = do_POST = do_PATCH = do_DELETE = any_method

    def ask(self, path, body):
        connection = http.client.HTTPConnection(self.upstream, timeout=PATIENCE_SECONDS)
        with contextlib.closing(connection):
            headers = {
                name: value for name, value in self.headers.items() if name.lower() != "host"
            }
            connection.request(self.command, path, body, headers)
            response = connection.getresponse()
            kept = [
                (name, value) for name, value in response.getheaders() if name == "content-type"
            ]
            return response.status, kept, response.read()


@contextlib.contextmanager
def listening(handler):
    listener = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=listener.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{listener.server_port}"
    finally:
        listener.shutdown()
        listener.server_close()


def main(command):
    settings = {
        "LATCHHOOK_ALLOW_NETWORKS": "127.0.0.0/8",
        "LATCHHOOK_SIGNATURE_HEADERS": "webhook,svix,x-acme",
    }
    with server.running(**settings) as latchhook, listening(Receiver) as receiver:
        Proxy.upstream = urllib.parse.urlsplit(latchhook.url).netloc
        with listening(Proxy) as proxy:
            environment = {
                "LATCHHOOK_URL": latchhook.url,
                "LATCHHOOK_TOKEN": latchhook.token,
                "FAULTY_URL": proxy,
                "RECEIVER_URL": receiver,
                "SCENARIOS": str(HERE / "conformance.json"),
            }
            done = subprocess.run(
                command, env={**os.environ, **environment}, timeout=TIMEOUT_SECONDS
            )
        if done.returncode:
            print(latchhook.last_lines(), file=sys.stderr)
        return done.returncode


sys.exit(main(sys.argv[1:]))
