"""compose.yaml, and the proxy's configuration in front of a real server."""

import contextlib
import http.client
import http.server
import os
import pathlib
import queue
import re
import socket
import ssl
import subprocess
import tempfile
import threading
import time
import unittest

import support
import yaml
from support import PACKAGING, PATIENCE, VERSION

IMAGE = PACKAGING / "image"
CADDYFILE = IMAGE / "Caddyfile"
# Bytes of a batch of events, and of the longest list: docs/api.md.
LARGEST_REQUEST = 1024 * 1024
LARGEST_ANSWER = 5 * 1024 * 1024


class Compose(unittest.TestCase):
    """The file as data."""

    @classmethod
    def setUpClass(cls):
        cls.compose = yaml.safe_load((IMAGE / "compose.yaml").read_text())
        cls.services = cls.compose["services"]

    def test_the_server_is_of_this_version_and_reached_by_the_proxy_alone(self):
        self.assertEqual(self.services["latchhook"]["image"], f"${{LATCHHOOK_IMAGE:-latchhook:{VERSION}}}")
        self.assertNotIn("ports", self.services["latchhook"])
        self.assertEqual(self.services["proxy"]["environment"]["LATCHHOOK_UPSTREAM"], "latchhook:8080")

    def test_nothing_is_written_but_to_volumes_and_nothing_may_more_than_it_needs(self):
        for name, service in self.services.items():
            with self.subTest(name):
                self.assertTrue(service["read_only"])
                self.assertEqual(service["cap_drop"], ["ALL"])
                self.assertEqual(service["security_opt"], ["no-new-privileges:true"])
        used = {volume.split(":")[0] for service in self.services.values() for volume in service["volumes"]}
        self.assertEqual(set(self.compose["volumes"]), {name for name in used if not name.startswith(".")})

    def test_files_that_it_names_are_there(self):
        build = self.services["latchhook"]["build"]
        self.assertTrue((IMAGE / build["context"] / build["dockerfile"]).is_file())
        self.assertTrue(CADDYFILE.is_file())

    def test_caddy_is_the_version_that_the_tests_use(self):
        # `caddy version` knows it only of Caddy's own builds.
        built = support.run(os.environ["CADDY"], "build-info")
        installed = re.search(r"^mod\s+github\.com/caddyserver/caddy/v2\s+v(\S+)", built, re.MULTILINE)[1]
        self.assertEqual(self.services["proxy"]["image"], f"caddy:{installed}-alpine")


@contextlib.contextmanager
def proxy(upstream):
    """Runs Caddy in front of an address; yields the port and what trusts its certificate."""
    with tempfile.TemporaryDirectory() as folder:
        https = support.free_port()
        environment = {
            "HOME": folder, "XDG_DATA_HOME": folder, "XDG_CONFIG_HOME": folder, "PATH": os.environ["PATH"],
            "LATCHHOOK_HOST": "localhost", "LATCHHOOK_UPSTREAM": upstream,
            "LATCHHOOK_HTTP_PORT": str(support.free_port()), "LATCHHOOK_HTTPS_PORT": str(https),
        }  # fmt: skip
        caddy = [os.environ["CADDY"], "run", "--config", CADDYFILE, "--adapter", "caddyfile"]
        log = pathlib.Path(folder, "log")
        with log.open("w") as lines, subprocess.Popen(caddy, env=environment, stderr=lines) as process:
            try:
                root = pathlib.Path(folder, "caddy/pki/authorities/local/root.crt")
                yield https, until(lambda: trusting(root, https), process, log)
            finally:
                # Asked to end, it would wait for every request that is under way.
                process.kill()


def until(attempt, process, log):
    """The first result of an attempt that does not fail because a server is not there yet."""
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            return attempt()
        except OSError as why:
            if process.poll() is not None or time.monotonic() > deadline:
                raise AssertionError(f"the proxy does not serve: {log.read_text()}") from why
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(0.1)


def trusting(root, port):
    """What trusts the authority `root`, with which the port has been reached."""
    context = ssl.create_default_context(cafile=root)
    with socket.create_connection(("127.0.0.1", port)) as plain:
        context.wrap_socket(plain, server_hostname="localhost").close()
    return context


@contextlib.contextmanager
def upstream(answer):
    """Runs a server that answers each POST so; yields its address."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            answer(self)

        def log_message(self, *_):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"127.0.0.1:{server.server_port}"
        server.shutdown()


def ask_quickly(port, trust, *paths):
    """Has each path answered on a connection of its own."""
    quick = http.client.HTTPSConnection("localhost", port, context=trust, timeout=PATIENCE)
    for path in paths:
        quick.request("POST", path, body=b"x")
        quick.getresponse().read()
    quick.close()


class Proxy(unittest.TestCase):
    """Caddy with the Caddyfile."""

    def test_the_configuration_is_as_caddy_formats_it(self):
        support.run(os.environ["CADDY"], "fmt", "--diff", CADDYFILE)

    def test_the_api_and_the_pages_are_reached_and_the_metrics_are_not(self):
        with tempfile.TemporaryDirectory() as data:
            command = [os.environ["LATCHHOOK_BIN"], "serve", "--listen", "127.0.0.1:0", "--data-dir", data]
            environment = {"LATCHHOOK_OPERATOR_TOKEN": support.TOKEN}
            with (
                support.serving(*command, env=environment) as server,
                proxy(server.url.removeprefix("http://")) as (port, trust),
            ):
                site = f"https://localhost:{port}"
                self.assertEqual(support.ask(f"{site}/v1/accounts", context=trust)[0], 200)
                self.assertEqual(support.ask(f"{site}/operator", context=trust)[0], 200)
                self.assertEqual(support.ask(f"{site}/readyz", context=trust)[0], 200)
                self.assertEqual(support.ask(f"{server.url}/metrics")[0], 200)
                self.assertEqual(support.ask(f"{site}/metrics", context=trust)[0], 404)

    def test_the_largest_request_is_handed_on_when_all_of_it_is_there(self):
        arrived = queue.Queue()

        def answer(handler):
            arrived.put(handler.path)
            handler.rfile.read(int(handler.headers["content-length"]))
            handler.send_response(204)
            handler.end_headers()

        with upstream(answer) as address, proxy(address) as (port, trust):
            slow = http.client.HTTPSConnection("localhost", port, context=trust, timeout=PATIENCE)
            slow.putrequest("POST", "/slow")
            slow.putheader("Content-Length", str(LARGEST_REQUEST))
            slow.endheaders(b"x" * (LARGEST_REQUEST - 1))
            ask_quickly(port, trust, "/quick", "/again")
            slow.send(b"x")
            self.assertEqual(slow.getresponse().status, 204)
            slow.close()
        self.assertEqual([arrived.get_nowait() for _ in range(3)], ["/quick", "/again", "/slow"])

    def test_the_largest_answer_is_taken_whole_before_the_client_gets_any_of_it(self):
        waits, go_on = threading.Event(), threading.Event()

        def answer(handler):
            body = b"x" * (LARGEST_ANSWER if handler.path == "/large" else 0)
            handler.send_response(200)
            handler.send_header("Content-Length", str(len(body)))
            handler.end_headers()
            if body:
                handler.wfile.write(body[:-1])
                waits.set()
                go_on.wait(PATIENCE)
                handler.wfile.write(body[-1:])

        with upstream(answer) as address, proxy(address) as (port, trust):
            large = http.client.HTTPSConnection("localhost", port, context=trust, timeout=PATIENCE)
            large.request("POST", "/large", body=b"x")
            try:
                self.assertTrue(waits.wait(PATIENCE), "the proxy does not take all of it")
                ask_quickly(port, trust, "/quick", "/again")
                large.sock.settimeout(0)
                with self.assertRaises(ssl.SSLWantReadError):
                    large.sock.recv(1)
            finally:
                go_on.set()
            large.sock.settimeout(PATIENCE)
            self.assertEqual(len(large.getresponse().read()), LARGEST_ANSWER)
            large.close()


class Dockerfile(unittest.TestCase):
    """What docker would build: nobody has Docker here, so the file is only read."""

    def test_it_builds_by_the_scripts_that_make_the_image_without_docker(self):
        text = (IMAGE / "Dockerfile").read_text()
        for script in re.findall(r"(packaging/\S+) ", text.split("FROM scratch")[0].split("RUN")[-1]):
            self.assertTrue(os.access(support.ROOT / script, os.X_OK), script)
        self.assertIn("COPY --from=build /image/ /", text)


if __name__ == "__main__":
    unittest.main()
