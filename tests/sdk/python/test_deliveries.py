"""Verification of deliveries."""

import datetime
import unittest

from standardwebhooks import Webhook

from latchhook import InvalidDelivery, verify_delivery

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
OTHER = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"
BODY = '{"type":"report.completed"}'


def headers(prefix="webhook", late=0, secret=SECRET):
    sent = datetime.datetime.now(datetime.UTC) - datetime.timedelta(seconds=late)
    signature = Webhook(secret).sign("evt_1", sent, BODY)
    values = {"Id": "evt_1", "Timestamp": str(int(sent.timestamp())), "Signature": signature}
    return {f"{prefix}-{name}": value for name, value in values.items()}


class Deliveries(unittest.TestCase):
    def test_a_signed_delivery_is_read(self):
        self.assertEqual(
            verify_delivery(BODY.encode(), headers(), SECRET)["type"], "report.completed"
        )

    def test_any_of_several_secrets_will_do(self):
        self.assertTrue(verify_delivery(BODY, headers(), [OTHER, SECRET]))

    def test_headers_have_the_prefix_that_is_said(self):
        for prefix in ("svix", "x-acme"):
            self.assertTrue(verify_delivery(BODY, headers(prefix), SECRET, prefix=prefix))
            with self.assertRaises(InvalidDelivery):
                verify_delivery(BODY, headers(prefix), SECRET)

    def test_what_is_not_of_this_webhook_is_refused(self):
        broken = {**headers(), "webhook-Signature": "v1"}
        for body, given, secrets in (
            (BODY + " ", headers(), SECRET),
            (BODY, headers(secret=OTHER), SECRET),
            (BODY, headers(late=301), SECRET),
            (BODY, headers(late=-302), SECRET),
            (BODY, {}, SECRET),
            (BODY, broken, SECRET),
            (b"\xff", headers(), SECRET),
            (BODY, headers(), []),
        ):
            with self.subTest(body=body, given=given), self.assertRaises(InvalidDelivery):
                verify_delivery(body, given, secrets)


if __name__ == "__main__":
    unittest.main()
