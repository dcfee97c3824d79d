"""Deliveries through SNS, received from a queue that is subscribed to the topic."""

import base64
import contextlib
import hashlib
import hmac
import json
import pathlib
import sys
import time
import unittest
import urllib.parse

import emulator

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "fuzz"))
import server  # noqa: E402

PATIENCE_SECONDS = 20
ACCOUNT = "000000000000"
DATA = {"object": {"id": "rep_1", "object": "report", "uri": "/v1/reports/rep_1", "score": 7}}


class Sns(unittest.TestCase):
    """One emulator and one server for all; each test has a topic and an account of its own."""

    @classmethod
    def setUpClass(cls):
        cls.context = contextlib.ExitStack()
        cls.aws = cls.context.enter_context(emulator.running())
        cls.latchhook = cls.context.enter_context(
            server.running(AWS_ENDPOINT_URL_SNS=cls.aws.url)
        )

    @classmethod
    def tearDownClass(cls):
        cls.context.close()

    def setUp(self):
        self.name = self.id().rsplit(".", 1)[-1]
        account = self.latchhook.call("POST", "/v1/accounts", {"name": self.name})
        self.account = account["id"]

    def test_a_delivery_arrives_at_a_queue_subscribed_to_the_topic(self):
        topic, queue = self.topic_with_queue()
        key = self.access_key(topic)
        webhook = self.webhook(key["AccessKeyId"], key["SecretAccessKey"])
        event = self.event()
        message = self.receive(queue)
        self.assert_is_delivery_of(event, webhook, message)
        self.assertNotIn(key["SecretAccessKey"], message["Body"])
        self.assertNotIn(urllib.parse.quote(key["SecretAccessKey"], safe=""), message["Body"])
        [delivery] = self.settled(event)["deliveries"]
        self.assertEqual((delivery["status"], delivery["attempts"]), ("delivered", 1))

    def test_an_encoded_access_key_signs_like_the_raw_one(self):
        topic, queue = self.topic_with_queue()
        key = self.access_key(topic)
        encoded = "".join(f"%{byte:02x}" for byte in key["SecretAccessKey"].encode())
        self.webhook(key["AccessKeyId"], encoded)
        self.event()
        self.receive(queue)

    def test_a_wrong_access_key_is_named_by_the_services_code(self):
        topic, _ = self.topic_with_queue()
        key = self.access_key(topic)
        self.webhook(key["AccessKeyId"], "wrong")
        self.assert_fails_with("SNS answered 403: SignatureDoesNotMatch")

    def test_a_key_without_permission_is_named_by_the_services_code(self):
        self.topic_with_queue()
        key = self.access_key("arn:aws:sns:us-east-1:000000000000:another")
        self.webhook(key["AccessKeyId"], key["SecretAccessKey"])
        self.assert_fails_with("SNS answered 403: AuthorizationError")

    def test_a_topic_that_is_not_there_is_named_by_the_services_code(self):
        key = self.access_key("*")
        self.webhook(key["AccessKeyId"], key["SecretAccessKey"])
        self.assert_fails_with("SNS answered 404: NotFound")

    def topic_with_queue(self):
        """Creates a topic named after the test, and a queue that is subscribed to it."""
        sns, sqs = self.aws.client("sns"), self.aws.client("sqs")
        topic = sns.create_topic(Name=self.name)["TopicArn"]
        queue_arn = f"arn:aws:sqs:{emulator.REGION}:{ACCOUNT}:{self.name}"
        queue = sqs.create_queue(
            QueueName=self.name, Attributes={"Policy": may_send(topic, queue_arn)}
        )["QueueUrl"]
        sns.subscribe(
            TopicArn=topic,
            Protocol="sqs",
            Endpoint=queue_arn,
            Attributes={"RawMessageDelivery": "true"},
        )
        return topic, queue

    def access_key(self, topic):
        """Creates an access key that may only publish to that topic."""
        iam = self.aws.client("iam")
        iam.create_user(UserName=self.name)
        statement = {"Effect": "Allow", "Action": "sns:Publish", "Resource": topic}
        iam.put_user_policy(
            UserName=self.name,
            PolicyName="publish",
            PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [statement]}),
        )
        return iam.create_access_key(UserName=self.name)["AccessKey"]

    def webhook(self, key_id, access_key):
        """Creates a webhook that publishes to the test's topic."""
        url = f"sns://{key_id}:{access_key}@{emulator.REGION}/{ACCOUNT}/{self.name}"
        body = {"webhook_url": url, "environment": "test", "include_object": True}
        webhook = self.latchhook.call("POST", "/v1/webhooks", body, self.account)
        masked = f"sns://{key_id}:****@{emulator.REGION}/{ACCOUNT}/{self.name}"
        self.assertEqual(webhook["webhook_url"], masked)
        return webhook

    def event(self):
        """Posts an event for the webhook."""
        body = {"type": "report.completed", "environment": "test", "data": DATA}
        return self.latchhook.call("POST", "/v1/events", body, self.account)

    def receive(self, queue):
        """Waits for the one message that arrives in the queue."""
        answer = self.aws.client("sqs").receive_message(
            QueueUrl=queue, WaitTimeSeconds=PATIENCE_SECONDS, MessageAttributeNames=["All"]
        )
        [message] = answer.get("Messages", [])
        return message

    def settled(self, event):
        """Waits until the event's delivery has an outcome; returns the event."""
        path = f"/v1/events/{event['id']}"
        return self.eventually(
            lambda: self.latchhook.call("GET", path, account=self.account),
            lambda event: event["deliveries"][0]["status"] != "pending",
        )

    def assert_is_delivery_of(self, event, webhook, message):
        attributes = message["MessageAttributes"]
        self.assertEqual({value["DataType"] for value in attributes.values()}, {"String"})
        texts = {name: value["StringValue"] for name, value in attributes.items()}
        names = ["type", "webhook-id", "webhook-signature", "webhook-timestamp"]
        self.assertEqual(sorted(texts), names)
        self.assertEqual(texts["type"], "report.completed")
        self.assertEqual(texts["webhook-id"], event["id"])
        body = message["Body"]
        self.assertEqual(texts["webhook-signature"], signature(webhook, texts, body))
        read = json.loads(body)
        keys = ["id", "object", "type", "created_at", "webhook_url", "data", "account_id"]
        self.assertEqual(list(read), keys)
        self.assertEqual((read["id"], read["data"]), (event["id"], DATA))
        self.assertEqual(read["webhook_url"], webhook["webhook_url"])

    def assert_fails_with(self, message):
        """Asserts that the next event's first attempt fails with that message and will be retried."""
        event = self.event()
        [delivery] = self.settled(event)["deliveries"]
        self.assertEqual((delivery["status"], delivery["attempts"]), ("retrying", 1))
        path = f"/v1/logs?kind=webhook_delivery&environment=test&event_id={event['id']}"
        [row] = self.latchhook.call("GET", path, account=self.account)["data"]
        self.assertEqual(row["error"], {"code": "sns_error", "message": message})

    def eventually(self, look, wanted):
        """Calls `look` until its result is the wanted one; returns that."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            found = look()
            if wanted(found):
                return found
            self.assertLess(time.monotonic(), deadline, f"it stays {found}")
            time.sleep(0.05)


def may_send(topic, queue):
    """A policy that lets that topic send to that queue."""
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "sns.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": queue,
        "Condition": {"ArnEquals": {"aws:SourceArn": topic}},
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def signature(webhook, texts, body):
    """Signature by Standard Webhooks 1.0.0, version 1."""
    key = base64.b64decode(webhook["signing_secret"].removeprefix("whsec_"))
    signed = f"{texts['webhook-id']}.{texts['webhook-timestamp']}.{body}".encode()
    digest = hmac.new(key, signed, hashlib.sha256).digest()
    return "v1," + base64.b64encode(digest).decode()


if __name__ == "__main__":
    unittest.main()
