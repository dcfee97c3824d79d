"""Runs functions that were built for arm64 under qemu, against a runtime API and an SQS of ours.

usage: run.py QEMU SYSROOT FOLDER-OF-ARTIFACTS NAME...

The folder has a folder for each function of infra/template.yaml, which `sam build NAME` has built there. A
function of the API answers a request; one of the queues a batch with a message that can't be read.
"""

import hashlib
import http.server
import json
import os
import pathlib
import queue
import struct
import subprocess
import sys
import threading
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "lambda"))

from bench import ENVIRONMENT, question, request  # noqa: E402

# Emulated processors are slow.
PATIENCE = 120
AARCH64 = 183
LARGEST = 8_000_000
NOBODY = 26 * "0"
TASK = {"event": f"evt_{NOBODY}", "environment": "test", "run": 0, "slot": 1, "trigger": "schedule"}
MESSAGE = {
    "id": f"msg_{NOBODY}", "account": f"acct_{NOBODY}", "webhook": f"wh_{NOBODY}",
    "lane": "retry", "due": "2020-01-01T00:00:00.000Z", "task": TASK,
}
PATHS = {
    "Accounts": "/v1/accounts", "ApiKeys": "/v1/api_keys", "Webhooks": "/v1/webhooks",
    "EventsApi": "/v1/events", "LogsApi": "/v1/logs",
}


def record(name, body):
    """A message as Lambda hands it over."""
    return {"messageId": name, "receiptHandle": name, "body": body, "attributes": {},
            "messageAttributes": {}, "eventSource": "aws:sqs"}  # fmt: skip


def batch(*good):
    """A batch with a message that can't be read, and others that can."""
    return {"Records": [record("unreadable", "no message"), *[record("good", json.dumps(m)) for m in good]]}


class Arm64(unittest.TestCase):
    """One subtest a function."""

    qemu = sysroot = folder = None
    names = []

    def test_every_function_is_for_arm64_and_small_enough_to_start_quickly(self):
        for name in self.names:
            with self.subTest(name):
                binary = self.binary(name)
                head = binary.read_bytes()[:20]
                self.assertEqual((head[:4], struct.unpack("<H", head[18:20])[0]), (b"\x7fELF", AARCH64))
                packed = subprocess.run(["gzip", "-c", binary], capture_output=True, check=True).stdout
                self.assertLess(len(packed), LARGEST)

    def binary(self, name):
        """Where `sam build` puts a function's binary."""
        return self.folder / name / name / "bootstrap"

    def test_every_function_answers(self):
        for name in self.names:
            with self.subTest(name):
                getattr(self, f"check_{name.lower()}", lambda name=name: self.check_api(name))()

    def check_api(self, name):
        """A request without a key."""
        answer, _ = self.answer(name, request(PATHS[name]))
        self.assertEqual(answer["statusCode"], 401)
        self.assertEqual(json.loads(answer["body"])["code"], "bad_authentication")

    def check_dashboard(self):
        """A page."""
        answer, _ = self.answer("Dashboard", request("/operator"))
        self.assertEqual(answer["statusCode"], 200)

    def check_authorizer(self):
        """A request without a key."""
        answer, _ = self.answer("Authorizer", question("/"))
        self.assertIs(answer["isAuthorized"], False)

    def check_deliver(self):
        """What can't be read comes back."""
        answer, _ = self.answer("Deliver", batch())
        self.assertEqual(answer, {"batchItemFailures": [{"itemIdentifier": "unreadable"}]})

    def check_relay(self):
        """What can't be read comes back, and what is due is sent to its lane."""
        answer, sent = self.answer("Relay", batch(MESSAGE))
        self.assertEqual(answer, {"batchItemFailures": [{"itemIdentifier": "unreadable"}]})
        [call] = sent
        self.assertTrue(call["QueueUrl"].endswith("/minutes"))
        self.assertEqual(json.loads(call["Entries"][0]["MessageBody"]), MESSAGE)

    def answer(self, name, event):
        """The function's answer to an event, and what it sent to SQS."""
        with Stage(event) as stage:
            address = "{}:{}".format(*stage.server_address)
            environment = ENVIRONMENT | {
                "AWS_LAMBDA_RUNTIME_API": address, "AWS_ENDPOINT_URL": f"http://{address}",
            }
            command = [self.qemu, "-L", self.sysroot, self.binary(name)]
            with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL) as process:
                try:
                    return stage.answered.get(timeout=PATIENCE), stage.sent
                except queue.Empty:
                    self.fail(f"{name} did not answer in {PATIENCE} s")
                finally:
                    process.kill()


class Stage(http.server.ThreadingHTTPServer):
    """Lambda's runtime API with one event, and SQS."""

    daemon_threads = True
    block_on_close = False

    def __init__(self, event):
        super().__init__(("127.0.0.1", 0), Conversation)
        self.events, self.answered, self.sent = queue.Queue(), queue.Queue(), []
        self.events.put(event)
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def handle_error(self, *_):
        """Says nothing of the connection of a function that was killed, as every one is at the end."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(*_)

    def __exit__(self, *_):
        self.shutdown()
        self.server_close()


class Conversation(http.server.BaseHTTPRequestHandler):
    """A connection of the function."""

    protocol_version = "HTTP/1.1"

    def do_GET(self):  # noqa: N802
        """The next event; after the last, nothing."""
        self.say(self.server.events.get())

    def do_POST(self):  # noqa: N802
        """An answer of the function, or a call of SQS."""
        body = json.loads(self.rfile.read(int(self.headers.get("Content-Length", 0))))
        if "X-Amz-Target" in self.headers:
            self.server.sent.append(body)
            md5 = [hashlib.md5(e["MessageBody"].encode()).hexdigest() for e in body["Entries"]]
            made = [
                {"Id": e["Id"], "MessageId": e["Id"], "MD5OfMessageBody": sum}
                for e, sum in zip(body["Entries"], md5, strict=True)
            ]
            self.say({"Successful": made, "Failed": []})
            return
        self.say({})
        self.server.answered.put(body)

    def say(self, answer):
        """Sends an answer, with the headers of an invocation."""
        text = json.dumps(answer).encode()
        self.send_response(200)
        for name, value in [
            ("Content-Type", "application/json"), ("Content-Length", len(text)),
            ("Lambda-Runtime-Aws-Request-Id", "1"), ("Lambda-Runtime-Deadline-Ms", "4102444800000"),
            ("Lambda-Runtime-Invoked-Function-Arn", "arn:aws:lambda:us-east-1:0:function:arm64"),
        ]:
            self.send_header(name, str(value))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *_):
        """Says nothing."""


if __name__ == "__main__":
    Arm64.qemu, Arm64.sysroot = sys.argv[1:3]
    Arm64.folder, Arm64.names = pathlib.Path(sys.argv[3]), sys.argv[4:]
    unittest.main(argv=sys.argv[:1])
