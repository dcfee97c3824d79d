"""Log lines of the functions: requests, attempts, and metrics."""

import json
import unittest

import visit


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
        self.assertTrue(line["spans"][0]["requestId"])

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

    def test_an_attempt_that_fails_is_logged_and_counted_in_its_invocation(self):
        with visit.receiver(410) as (url, _):
            webhook, event = self.webhook(url), self.event()
            line = self.failure_of(webhook, event)
            self.assertEqual((line["account"], line["status"]), (self.account, "cancelled"))
            metrics = self.metrics(self.counted_with(line))
            self.assertGreaterEqual(metrics["Attempted"], metrics["Failed"])
            self.assertGreaterEqual(metrics["Failed"], 1)
            self.assertIn("QueueAge", metrics)
            self.done("DELETE", f"/v1/webhooks/{webhook['id']}")

    def test_a_success_is_counted_and_has_no_line_of_its_own(self):
        with visit.receiver(200) as (url, _):
            before = self.total("Delivered")
            webhook, event = self.webhook(url), self.event()
            self.eventually("a success", lambda: self.total("Delivered") > before)
            self.assertEqual(self.attempts_at(webhook, event), [])
            self.done("DELETE", f"/v1/webhooks/{webhook['id']}")

    def test_an_exhausted_delivery_is_counted(self):
        with visit.receiver(500) as (url, _):
            webhook, event = self.webhook(url), self.event()
            line = self.failure_of(webhook, event, status="exhausted")
            self.assertGreaterEqual(self.metrics(self.counted_with(line))["Exhausted"], 1)
            self.done("DELETE", f"/v1/webhooks/{webhook['id']}")

    def failure_of(self, webhook, event, **wanted):
        """The line of a failed attempt to send an event to a webhook."""

        def look():
            lines = self.attempts_at(webhook, event)
            return [line for line in lines if wanted.items() <= line.items()]

        return self.eventually("a failed attempt", look)[0]

    def attempts_at(self, webhook, event):
        """The lines of the attempts to send an event to a webhook."""
        return [line for line in self.found(event["id"]) if line.get("webhook") == webhook["id"]]

    def counted_with(self, line):
        """The line of metrics of the invocation that wrote `line`."""
        [request] = [span["requestId"] for span in line["spans"] if "requestId" in span]
        [counted] = self.lines(request, lambda line: "Attempted" in line)
        return counted

    def total(self, metric):
        """The sum of a metric over all invocations."""
        values = [line[metric] for line in self.found(metric) if metric in line]
        return sum(values)

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
