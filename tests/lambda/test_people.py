"""The operator's people sign in at a provider of ours, through the function that has the pages."""

import contextlib
import http.client
import unittest
import urllib.parse

import bench
import deploy
import visit
from browse import Browser
from provider import CLIENT, provider

SECRET = "oidc/client"


class People(visit.Visit):
    """A stack of its own, whose operators come from the provider alone."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        with contextlib.ExitStack() as left:
            cls.provider = left.enter_context(provider("s3cret/+"))
            vault = cls.aws.client("secretsmanager")
            # As from a file, which ends in a line feed.
            vault.create_secret(Name=SECRET, SecretString="s3cret/+\n")
            left.callback(vault.delete_secret, SecretId=SECRET, ForceDeleteWithoutRecovery=True)
            cls.people = left.enter_context(
                visit.deployed(
                    cls.deployment, "people", TokenSignIn="off", OidcIssuer=cls.provider.url,
                    OidcClientId=CLIENT, OidcSecret=SECRET, OidcName="Example ID", OidcDomains="example.com",
                )  # fmt: skip
            )
            cls.addClassCleanup(left.pop_all().close)

    def setUp(self):
        self.provider.claims, self.provider.asked = {}, []

    def test_somebody_signs_in_without_a_token_and_the_history_names_them(self):
        browser = Browser(self.people)
        entrance = browser.look("/operator")
        self.assertIn("Sign in with Example ID", entrance)
        self.assertNotIn('name="token"', entrance)
        # Whoever only looks asks the provider nothing.
        self.assertEqual(self.provider.asked, [])
        self.assertIn("ada@example.com", self.came_back(browser))
        opened = browser.send("/operator/accounts", name="Of Ada")
        account = opened.partition("acct_")[1] + opened.partition("acct_")[2][:26]
        asked = {"account": account, "token": self.people.operator_token(), "url": self.people.url}
        [event] = self.done("GET", "/v1/audit_events", **asked)["data"]
        self.assertEqual(event["actor"], {"type": "operator", "id": "00u1", "name": "ada@example.com"})

    def test_whoever_is_not_allowed_and_a_code_that_is_none_sign_nobody_in(self):
        self.provider.claims = {"email": "ada@example.org"}
        with self.assertRaisesRegex(visit.Refused, "403"):
            self.came_back(Browser(self.people))
        browser = Browser(self.people)
        way = self.way_back(browser)
        self.provider.grants.clear()
        with self.assertRaisesRegex(visit.Refused, "401"):
            browser.look(way)

    def test_the_longest_code_and_the_longest_person_fit_into_what_api_gateway_takes(self):
        self.provider.code = 4096
        self.addCleanup(setattr, self.provider, "code", 32)
        self.provider.claims = {"sub": 255 * "s", "email": f"{188 * 'a'}@example.com"}
        self.assertIn(self.provider.claims["email"], self.came_back(Browser(self.people)))

    def test_a_new_client_secret_counts_at_the_next_sign_in(self):
        vault = self.aws.client("secretsmanager")
        self.addCleanup(setattr, self.provider, "secret", self.provider.secret)
        self.addCleanup(vault.put_secret_value, SecretId=SECRET, SecretString=self.provider.secret)
        self.assertIn("ada@example.com", self.came_back(Browser(self.people)))
        self.provider.secret = "another"
        with self.assertRaisesRegex(visit.Refused, "401"):
            self.came_back(Browser(self.people))
        vault.put_secret_value(SecretId=SECRET, SecretString="another")
        self.assertIn("ada@example.com", self.came_back(Browser(self.people)))

    def test_a_function_with_a_provider_calls_nobody_at_its_start(self):
        [binary] = [b for b in self.deployment.binaries if b.name == "lambda-dashboard"]
        with bench.Stage() as stage:
            nobody = "http://{}:{}".format(*stage.server_address)
            stage.start(
                "dashboard", str(binary), LATCHHOOK_OIDC_ISSUER=nobody, LATCHHOOK_OIDC_CLIENT_ID="a",
                LATCHHOOK_OIDC_SECRET="a", LATCHHOOK_OIDC_NAME="a", LATCHHOOK_OIDC_DOMAINS="a.example",
            )  # fmt: skip

    def came_back(self, browser):
        """The page that a browser sees that went to the provider and came back."""
        browser.look(self.way_back(browser))
        return browser.look("/operator/accounts")

    def way_back(self, browser):
        """The path that the provider sends a browser to, in which somebody has signed in there."""
        there = urllib.parse.urlsplit(browser.look("/operator/oidc"))
        connection = http.client.HTTPConnection(there.netloc, timeout=visit.PATIENCE_SECONDS)
        connection.request("GET", f"{there.path}?{there.query}")
        back = connection.getresponse().headers["Location"]
        connection.close()
        self.assertTrue(back.startswith(f"{self.people.url}/operator/oidc/callback?"), back)
        return back.removeprefix(self.people.url)


if __name__ == "__main__":
    unittest.main()
