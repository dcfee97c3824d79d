"""Base class of the tests of a deployment."""

import contextlib
import http.server
import json
import threading
import time
import unittest
import urllib.error
import urllib.request

import deploy

PATIENCE_SECONDS = 30
REPORT = {"object": {"id": "rep_1", "object": "report"}}


class Visit(unittest.TestCase):
    """A test of the deployment, with an account of its own."""

    @classmethod
    def setUpClass(cls):
        cls.visit(deploy.VISITED)

    @classmethod
    def visit(cls, deployment):
        """Sets the deployment that the tests run against."""
        cls.deployment = deployment
        cls.aws = deployment.aws
        cls.token = cls.deployment.operator_token()
        cls.account = cls.created("/v1/accounts", {"name": cls.__name__}, account=None)["id"]

    @classmethod
    def call(cls, method, path, body=None, account="", token=None, url=None):
        """Calls the API as the operator, on the test's account, or at another `url`; returns status and JSON."""
        headers = {"Authorization": f"Bearer {token or cls.token}"}
        headers["Content-Type"] = "application/json"
        if account == "":
            account = cls.account
        if account:
            headers["Latchhook-Account"] = account
        data = None if body is None else json.dumps(body).encode()
        address = (url or cls.deployment.url) + path
        request = urllib.request.Request(address, data, headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE_SECONDS) as response:
                return response.status, json.load(response)
        except urllib.error.HTTPError as error:
            text = error.read()
            try:
                return error.code, json.loads(text)
            except ValueError:
                return error.code, {"code": text.decode(errors="replace")}

    @classmethod
    def done(cls, method, path, body=None, **caller):
        """Calls the API; returns the JSON of an answer that must be a success."""
        status, answer = cls.call(method, path, body, **caller)
        if not 200 <= status < 300:
            raise Refused(f"{method} {path} -> {status} {answer}")
        return answer

    @classmethod
    def created(cls, path, body, **caller):
        """Creates something by a POST; returns it."""
        return cls.done("POST", path, body, **caller)

    def key(self, **asked):
        """Creates a secret key."""
        return self.created("/v1/api_keys", {"type": "secret", "environment": "test", **asked})

    def webhook(self, url):
        """Creates a webhook for all event types, and raises the quota for it."""
        self.done("PATCH", f"/v1/accounts/{self.account}", {"webhook_quota": 1000})
        return self.created("/v1/webhooks", {"webhook_url": url, "environment": "test"})

    def event(self):
        """Posts an event."""
        body = {"type": "report.completed", "environment": "test", "data": REPORT}
        return self.created("/v1/events", body)

    def delivery_of(self, event, webhook):
        """Reads the delivery of an event to a webhook."""
        found = self.done("GET", f"/v1/events/{event['id']}")
        [delivery] = [d for d in found["deliveries"] if d["webhook_id"] == webhook["id"]]
        return delivery

    @contextlib.contextmanager
    def held_message(self, answer):
        """Takes a message for a first attempt from the queue, before any function can."""
        with receiver(answer) as (url, seen), self.mapping_disabled():
            webhook = self.webhook(url)
            event = self.event()
            # One message asks for all webhooks that hear an event: this one must be alone, next time too.
            try:
                message = self.eventually("a message", lambda: self.taken_for(webhook))
                yield message, event, webhook, seen
            finally:
                self.done("DELETE", f"/v1/webhooks/{webhook['id']}")

    def taken_for(self, webhook):
        """Takes the next messages; returns the one for that webhook, if it is among them."""
        sqs, queue = self.aws.client("sqs"), self.deployment.physical("DeliveriesQueue")
        found = sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get("Messages", [])
        for message in found:
            sqs.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])
        messages = [json.loads(message["Body"]) for message in found]
        return next((m for m in messages if m["webhook"] == webhook["id"]), None)

    @contextlib.contextmanager
    def mapping_disabled(self):
        """Pauses first attempts for the duration of the block."""
        client, mapping = self.aws.client("lambda"), self.deployment.physical("DeliverFirst")
        client.update_event_source_mapping(UUID=mapping, Enabled=False)
        try:
            yield
        finally:
            client.update_event_source_mapping(UUID=mapping, Enabled=True)

    def eventually(self, what, look):
        """Calls `look` until it finds something; returns that."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            found = look()
            if found:
                return found
            self.assertLess(time.monotonic(), deadline, f"not in {PATIENCE_SECONDS} s: {what}")
            time.sleep(0.1)


class Refused(Exception):
    """An answer that is not a success."""


@contextlib.contextmanager
def deployed(beside, name, **parameters):
    """A stack of its own `beside` another, for the duration of the block."""
    aws, binaries = beside.aws, beside.binaries[0].parent
    try:
        yield deploy.deploy(aws, binaries, name, DeletionProtection="false", **parameters)
    finally:
        cloudformation = aws.client("cloudformation")
        cloudformation.delete_stack(StackName=name)
        cloudformation.get_waiter("stack_delete_complete").wait(
            StackName=name, WaiterConfig={"Delay": 1, "MaxAttempts": 60}
        )


@contextlib.contextmanager
def receiver(status=200):
    """Runs an endpoint that answers with that status; yields its URL and the requested paths."""
    seen = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self):  # noqa: N802
            self.rfile.read(int(self.headers["Content-Length"]))
            seen.append(self.path)
            self.send_response(status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", seen
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
