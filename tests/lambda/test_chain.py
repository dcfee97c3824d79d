"""The queues between the functions, and the dead-letter queue."""

import contextlib
import datetime
import json
import time
import unittest

import visit

# Longer than three hops of run.py's HopLimit.
AHEAD = datetime.timedelta(seconds=7)


class Chain(visit.Visit):
    """Tests of a deployment's queues."""

    def test_a_message_beyond_the_hop_limit_is_passed_on_until_it_is_due(self):
        with self.held_message(200) as (message, event, webhook, seen):
            due = datetime.datetime.now(datetime.UTC) + AHEAD
            message |= {"lane": "retry", "due": due.strftime("%Y-%m-%dT%H:%M:%S.000Z")}
            self.send("RetryHoursQueue", json.dumps(message))
            self.eventually("the attempt", lambda: seen)
            self.assertGreaterEqual(time.time(), int(due.timestamp()))
            self.eventually(
                "the delivery", lambda: self.delivery_of(event, webhook)["status"] == "delivered"
            )

    def test_a_message_that_always_fails_goes_to_the_dead_letter_queue(self):
        for queue in ["DeliveriesQueue", "RetryMinutesQueue", "RetryHoursQueue"]:
            body = f"nothing that {queue} knows"
            with self.subTest(queue), self.impatient(queue):
                self.send(queue, body)
                self.eventually("the dead letter", lambda: self.dead_letter() == body)

    @contextlib.contextmanager
    def impatient(self, queue):
        """Sets a queue to redeliver a failed message at once, and to give it up the third time."""
        sqs, url = self.aws.client("sqs"), self.deployment.physical(queue)
        names = ["VisibilityTimeout", "RedrivePolicy"]
        usual = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=names)["Attributes"]
        policy = json.loads(usual["RedrivePolicy"]) | {"maxReceiveCount": 2}
        scaled = {"VisibilityTimeout": "1", "RedrivePolicy": json.dumps(policy)}
        sqs.set_queue_attributes(QueueUrl=url, Attributes=scaled)
        try:
            yield
        finally:
            sqs.set_queue_attributes(QueueUrl=url, Attributes=usual)

    def send(self, queue, body):
        """Sends to a queue of the template."""
        url = self.deployment.physical(queue)
        self.aws.client("sqs").send_message(QueueUrl=url, MessageBody=body, MessageGroupId="test")

    def dead_letter(self):
        """Takes the next dead letter; returns its body."""
        sqs, url = self.aws.client("sqs"), self.deployment.outputs["DeadLetterQueueUrl"]
        for message in sqs.receive_message(QueueUrl=url).get("Messages", []):
            sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
            return message["Body"]
        return None


if __name__ == "__main__":
    unittest.main()
