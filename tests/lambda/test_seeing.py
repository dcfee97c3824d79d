"""Log lines of the functions: requests, attempts, and metrics."""

import json
import unittest

import visit

# Per answer of a receiver: the metric that is counted, and the status of the delivery.
OUTCOMES = [(200, "Delivered", "delivered"), (410, "Failed", "cancelled")]


class Seeing(visit.Visit):
    """Looks for one account's events in the deployment's log."""

    def test_a_request_is_logged_with_its_id_and_account(self):
        key = self.key()
        path = f"/v1/api_keys/{key['id']}"
        self.done("GET", path)
        [line] = self.lines(path, lambda line: line.get("message") == "answered")
        self.assertEqual(
            (line["method"], line["status"], line["account"]), ("GET", 200, self.account)
        )
        self.assertRegex(line["request_id"], "^req_")
        self.assertTrue(line["span"]["requestId"])

    def test_a_key_in_a_path_is_not_logged(self):
        key = self.key()
        self.call("GET", f"/v1/api_keys/{key['key']}")
        self.lines("/v1/api_keys/****", lambda line: line.get("account") == self.account)
        self.assertEqual(self.found(key["key"]), [])

    def test_an_accepted_event_is_counted(self):
        account = self.created("/v1/accounts", {"name": "Ada"}, account=None)["id"]
        body = {"type": "report.completed", "environment": "test", "data": visit.REPORT}
        self.created("/v1/events", body, account=account)
        [line] = self.lines("Accepted", lambda line: line.get("account") == account)
        self.assertEqual(self.metrics(line), {"Accepted": 1})
        self.assertRegex(line["request_id"], "^req_")

    def test_every_attempt_is_counted_with_the_status_of_its_delivery(self):
        for answer, outcome, status in OUTCOMES:
            with self.subTest(outcome), visit.receiver(answer) as (url, _):
                webhook, event = self.webhook(url), self.event()
                [line] = self.attempts_at(webhook, event, lambda line: True)
                metrics = self.metrics(line)
                self.assertEqual((metrics["Attempted"], metrics[outcome]), (1, 1))
                self.assertGreaterEqual(metrics["QueueAge"], 0)
                self.assertEqual("EndToEndLatency" in metrics, outcome == "Delivered")
                self.assertEqual((line["account"], line["status"]), (self.account, status))
                self.assertTrue(line["requestId"])
                query = f"event_id={event['id']}&webhook_id={webhook['id']}"
                [row] = self.done("GET", f"/v1/logs?{query}")["data"]
                self.assertEqual(line["delivery_log"], row["id"])
                self.done("DELETE", f"/v1/webhooks/{webhook['id']}")

    def test_an_exhausted_delivery_is_counted_once(self):
        with visit.receiver(500) as (url, _):
            webhook, event = self.webhook(url), self.event()
            [line] = self.attempts_at(webhook, event, lambda line: "Exhausted" in line)
            self.assertEqual((line["status"], line["Failed"]), ("exhausted", 1))
            self.done("DELETE", f"/v1/webhooks/{webhook['id']}")

    def attempts_at(self, webhook, event, wanted):
        """The lines of the attempts to send an event to a webhook."""
        ours = lambda line: "_aws" in line and line["webhook"] == webhook["id"]  # noqa: E731
        return self.lines(event["id"], lambda line: ours(line) and wanted(line))

    def metrics(self, line):
        """The values that CloudWatch makes of a line, by its own definitions."""
        [directive] = line["_aws"]["CloudWatchMetrics"]
        self.assertEqual(directive["Namespace"], "Latchhook")
        self.assertEqual(directive["Dimensions"], [["Stack"]])
        self.assertEqual(line["Stack"], self.deployment.stack)
        return {metric["Name"]: line[metric["Name"]] for metric in directive["Metrics"]}

    def lines(self, text, wanted):
        """The lines with that text that are wanted, once there are some."""

        def look():
            return [line for line in self.found(text) if wanted(line)]

        return self.eventually(f"a line with {text}", look)

    def found(self, text):
        """The functions' lines with that text."""
        found = self.deployment.lines(text)
        return [json.loads(message) for message in found if message.startswith("{")]


if __name__ == "__main__":
    unittest.main()
