"""A receiver that verifies with Svix's own library, under Svix's names of the headers."""

import contextlib
import http.server
import json
import pathlib
import queue
import sys
import threading
import unittest

from svix.webhooks import Webhook, WebhookVerificationError

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "fuzz"))
import server  # noqa: E402

PATIENCE_SECONDS = 20
DATA = {"object": {"id": "rep_1", "object": "report"}, "name": "Zoë"}


@contextlib.contextmanager
def receiver():
    """Receives deliveries; yields its URL and the queue of what arrives: headers and body."""
    arrived = queue.Queue()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["content-length"]))
            arrived.put((dict(self.headers.items()), body))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as listening:
        threading.Thread(target=listening.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{listening.server_port}/hooks", arrived
        listening.shutdown()


class Svix(unittest.TestCase):
    """What Svix's customers have goes on verifying, whatever the body is."""

    def delivered(self, data, **settings):
        """Posts an event; returns the signing secret, the headers and the body of its delivery."""
        allowed = {"LATCHHOOK_ALLOW_NETWORKS": "127.0.0.0/8"}
        with receiver() as (url, arrived), server.running(**allowed, **settings) as latchhook:
            account = latchhook.call("POST", "/v1/accounts", {"name": "Ada"})["id"]
            webhook = {"webhook_url": url, "environment": "test"}
            webhook = latchhook.call("POST", "/v1/webhooks", webhook, account)
            event = {"type": "report.completed", "environment": "test", "data": data}
            event = latchhook.call("POST", "/v1/events", event, account)
            headers, body = arrived.get(timeout=PATIENCE_SECONDS)
            names = {name.lower(): value for name, value in headers.items()}
            self.assertEqual(names["svix-id"], event["id"])
            return webhook["signing_secret"], names, body

    def test_svix_headers_alone_are_verified(self):
        secret, headers, body = self.delivered(
            DATA, LATCHHOOK_SIGNATURE_HEADERS="svix", LATCHHOOK_PAYLOAD_FORMAT="standard"
        )
        self.assertFalse([name for name in headers if name.startswith("webhook-")])
        Webhook(secret).verify(body, headers)
        told = json.loads(body)
        self.assertEqual(list(told), ["type", "timestamp", "data"])
        self.assertEqual(told["data"], DATA)
        with self.assertRaises(WebhookVerificationError):
            Webhook(secret).verify(body + b" ", headers)

    def test_both_sets_are_verified(self):
        secret, headers, body = self.delivered(
            DATA,
            LATCHHOOK_SIGNATURE_HEADERS="webhook,svix",
            LATCHHOOK_PAYLOAD_FORMAT="raw",
            LATCHHOOK_USER_AGENT="Acme-Webhooks/1.0",
        )
        for prefix in ["webhook", "svix"]:
            own = {name: value for name, value in headers.items() if name.startswith(prefix)}
            self.assertEqual(len(own), 3, own)
            Webhook(secret).verify(body, own)
        self.assertEqual(body, json.dumps(DATA).encode())
        self.assertEqual(headers["user-agent"], "Acme-Webhooks/1.0")


if __name__ == "__main__":
    unittest.main()
