"""Admission by keys."""

import base64
import unittest

import httpx
from fakes import KEY, VALID, Server, error, ok, refused

from latchhook import Gate, Incoming, Refusal, Retries
from latchhook.gate import key_of

INCOMING = Incoming("GET", "/reports", f"Bearer {KEY}", "203.0.113.7", "curl/8")


def gate(server, **options):
    retries = Retries(tries=2, sleep=lambda _: None)
    return Gate(
        "http://latchhook.test", "lhop_1", transport=server.transport, retries=retries, **options
    )


class Admissions(unittest.TestCase):
    def test_a_good_key_says_who_calls(self):
        server = Server(ok(VALID))
        checks = gate(server, environment="test", key_type="secret", log=False)
        caller = checks.admit(INCOMING, "reports:read").caller
        self.assertEqual((caller.account_id, caller.account_external_id), ("acct_1", "cust_42"))
        self.assertEqual((caller.key_id, caller.metadata), ("key_1", {"plan": "free"}))
        self.assertTrue(caller.may("reports:read") and not caller.may("reports:write"))
        self.assertNotIn(KEY, repr(caller))
        asked = {"key": KEY, "scopes": ["reports:read"], "environment": "test", "type": "secret"}
        self.assertEqual(server.bodies(), [asked])

    def test_a_key_that_is_not_good_is_refused(self):
        for code, status in (
            ("not_found", 401),
            ("expired", 401),
            ("insufficient_scope", 403),
            ("rate_limited", 429),
        ):
            refusal = gate(Server(ok(refused(code)))).admit(INCOMING)
            self.assertEqual((refusal.status, refusal.body["code"]), (status, code))

    def test_no_key_and_no_possible_key_are_refused(self):
        self.assertEqual(gate(Server()).admit(Incoming("GET", "/")), Refusal(401, "missing_key"))
        checks = gate(Server(error(422, "invalid_field", "key")))
        self.assertEqual(checks.admit(INCOMING), Refusal(401, "not_found"))

    def test_a_key_with_networks_is_asked_about_again_with_the_address(self):
        server = Server(ok(refused("ip_not_allowed")), ok(VALID))
        checks = gate(server)
        admission = checks.admit(INCOMING)
        self.assertEqual(server.bodies()[1]["request"]["ip"], "203.0.113.7")
        # That question was logged by the server.
        admission.answered(200)
        checks.close()
        self.assertEqual(len(server.requests), 2)

    def test_it_fails_closed_or_open_as_was_said(self):
        away = [httpx.ConnectError("no"), error(503, "unavailable")]
        self.assertEqual(gate(Server(*away)).admit(INCOMING), Refusal(503, "unavailable"))
        open_gate = gate(Server(*away), on_failure="admit")
        self.assertIsNone(open_gate.admit(INCOMING).caller)

    def test_a_wrong_token_opens_nothing(self):
        checks = gate(Server(error(401, "bad_authentication")), on_failure="admit")
        self.assertEqual(checks.admit(INCOMING), Refusal(503, "unavailable"))

    def test_rows_are_sent_together_after_the_answers(self):
        server = Server(ok(VALID), ok(VALID), ok({"count": 2}, 202))
        checks = gate(server)
        checks.logs._interval = 3600
        for status in (200, 404):
            checks.admit(INCOMING).answered(status)
        self.assertEqual(len(server.requests), 2)
        checks.close()
        sent = server.requests[2]
        self.assertEqual(sent.headers["Latchhook-Account"], "acct_1")
        rows = server.bodies()[2]["request_logs"]
        self.assertEqual([row["status"] for row in rows], [200, 404])
        self.assertEqual((rows[0]["api_key_id"], rows[0]["ip"]), ("key_1", "203.0.113.7"))
        self.assertNotIn(KEY, sent.content.decode())

    def test_rows_that_cannot_be_sent_are_lost_with_a_warning_without_secrets(self):
        checks = gate(Server(ok(VALID), error(403, "permission_denied")))
        checks.logs._interval = 3600
        checks.admit(INCOMING).answered(200)
        with self.assertLogs("latchhook", "WARNING") as logged:
            checks.close()
        [line] = logged.output
        self.assertIn("1 rows of request logs were lost: 403 permission_denied", line)
        self.assertNotIn(KEY, line)


class Keys(unittest.TestCase):
    def test_a_key_is_a_bearer_token_or_the_user_of_basic(self):
        def basic(text):
            return "Basic " + base64.b64encode(text).decode()

        for given, key in (
            (f"Bearer {KEY}", KEY),
            (f"bearer  {KEY} ", KEY),
            (basic(f"{KEY}:".encode()), KEY),
            (basic(f"{KEY}:secret".encode()), KEY),
            (basic(b":secret"), None),
            (basic(b"\xff"), None),
            ("Basic ???", None),
            ("Digest x", None),
            ("Bearer", None),
            (None, None),
        ):
            self.assertEqual(key_of(given), key, given)


if __name__ == "__main__":
    unittest.main()
