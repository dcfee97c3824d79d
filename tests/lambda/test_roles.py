"""Every function does its job with its own role, and needs every permission that the role has.

The scenarios have shown the first: the emulator enforces roles. Here each statement of each role's
policies is left out in turn, and the job of that function must fail until it is given back.
"""

import contextlib
import datetime
import json
import re
import secrets
import unittest

import visit
from browse import Browser

# The emulator itself receives messages for functions and writes their log lines, and has no networks,
# so these permissions can't be tested here.
UNSEEN = {"WriteLogLines", "TakeDeliveries", "TakeHops", "JoinVpc"}
# A document in the form of another release is read from its history instead. No job here meets one;
# the simulation does.
# The same holds of what a sweep needs only when something was left behind.
RARE = {
    ("Authorizer", "ReadEvents"),
    ("Deliver", "ReadEvents"),
    ("Relay", "ReadEvents"),
    ("Relay", "OpenKeyRing"),
}
# Only a recovery of more than 45,000 deliveries has some that are due beyond a hop.
FAR = {"Webhooks", "Dashboard"}


class Roles(visit.Visit):
    """One test a function."""

    def setUp(self):
        """Opens an account: a job that could not be finished leaves webhooks behind, which hear its events."""
        self.visit(self.deployment)

    def test_accounts(self):
        with self.told():
            self.every_permission_is_needed("Accounts", self.accounts)

    def test_api_keys(self):
        with self.told():
            self.every_permission_is_needed("ApiKeys", self.api_keys)

    def test_webhooks(self):
        self.every_permission_is_needed("Webhooks", self.webhooks)

    def test_events(self):
        self.every_permission_is_needed("EventsApi", self.events)

    def test_logs(self):
        self.every_permission_is_needed("LogsApi", self.logs)

    def test_dashboard(self):
        self.every_permission_is_needed("Dashboard", self.dashboard)

    def test_authorizer(self):
        self.every_permission_is_needed("Authorizer", self.authorizer)

    def test_deliver(self):
        self.every_permission_is_needed("Deliver", self.deliver)

    def test_relay(self):
        self.every_permission_is_needed("Relay", self.relay)

    def every_permission_is_needed(self, function, job):
        """Leaves out each statement in turn."""
        job()
        statements = self.statements(function)
        rare = {name for of, name in RARE if of == function}
        rare |= {name for name in statements if function in FAR and "RetryHours" in name}
        for name in sorted(set(statements) - UNSEEN - rare):
            rest = [statement for other, statement in statements.items() if other != name]
            with self.subTest(name), self.only(function, rest):
                with self.assertRaises(visit.Refused, msg=f"{function} works without {name}"):
                    job()
        job()

    def statements(self, function):
        """The statements of a role's policies by their names; without AWS's own policies."""
        iam, role = self.aws.client("iam"), self.deployment.physical(f"{function}Role")
        documents = [
            iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"]
            for name in iam.list_role_policies(RoleName=role)["PolicyNames"]
        ]
        for arn in self.attached(role):
            version = iam.get_policy(PolicyArn=arn)["Policy"]["DefaultVersionId"]
            found = iam.get_policy_version(PolicyArn=arn, VersionId=version)
            documents.append(found["PolicyVersion"]["Document"])
        return {named(one): one for document in documents for one in document["Statement"]}

    def attached(self, role):
        """The ARNs of the stack's own policies that are attached to a role."""
        attached = self.aws.client("iam").list_attached_role_policies(RoleName=role)
        arns = [policy["PolicyArn"] for policy in attached["AttachedPolicies"]]
        return [arn for arn in arns if not arn.startswith("arn:aws:iam::aws:")]

    @contextlib.contextmanager
    def only(self, function, statements):
        """A function that was started with nothing but those statements."""
        iam, role = self.aws.client("iam"), self.deployment.physical(f"{function}Role")
        usual = {
            name: iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"]
            for name in iam.list_role_policies(RoleName=role)["PolicyNames"]
        }
        attached = self.attached(role)
        for arn in attached:
            iam.detach_role_policy(RoleName=role, PolicyArn=arn)
        for name in usual:
            iam.delete_role_policy(RoleName=role, PolicyName=name)
        self.put(role, "Rest", {"Version": "2012-10-17", "Statement": statements})
        self.deployment.restart(function)
        try:
            yield
        finally:
            iam.delete_role_policy(RoleName=role, PolicyName="Rest")
            for name, document in usual.items():
                self.put(role, name, document)
            for arn in attached:
                iam.attach_role_policy(RoleName=role, PolicyArn=arn)
            self.deployment.restart(function)

    def put(self, role, name, document):
        """Gives a role a policy."""
        self.aws.client("iam").put_role_policy(
            RoleName=role, PolicyName=name, PolicyDocument=json.dumps(document)
        )

    @contextlib.contextmanager
    def told(self):
        """An operational webhook, so that the operator is told of accounts and keys."""
        body = {"webhook_url": "https://example.com/operator"}
        webhook = self.created("/v1/operator_webhooks", body, account=None)
        try:
            yield
        finally:
            self.done("DELETE", f"/v1/operator_webhooks/{webhook['id']}", account=None)

    def accounts(self):
        """Opens an account, looks at its past, and closes it."""
        account = self.created("/v1/accounts", {"name": "Ada"}, account=None)
        path = f"/v1/accounts/{account['id']}"
        self.key_of(account)
        self.done("GET", f"{path}?as_of=2100-01-01T00:00:00.000Z")
        self.done("DELETE", path)

    def key_of(self, account):
        """Gives an account something to be destroyed with it."""
        body = {"type": "secret", "environment": "test"}
        self.created("/v1/api_keys", body, account=account["id"])

    def api_keys(self):
        """Makes a key, reveals it, and looks at the past."""
        key = self.key()
        self.done("POST", f"/v1/api_keys/{key['id']}/reveal")
        self.done("GET", "/v1/api_keys?as_of=2100-01-01T00:00:00.000Z")

    def webhooks(self):
        """Makes a webhook, pings it, recovers what it missed, and looks at the past."""
        # A job that could not be finished leaves its webhook behind.
        webhook = self.webhook(f"https://example.com/{secrets.token_hex(8)}")
        path = f"/v1/webhooks/{webhook['id']}"
        self.done("POST", f"{path}/reveal_secret")
        self.done("POST", f"{path}/ping")
        self.done("PATCH", path, {"status": "disabled"})
        self.event()
        self.done("PATCH", path, {"status": "enabled"})
        since = {"since": webhook["created_at"]}
        self.assertGreater(self.done("POST", f"{path}/recover", since)["count"], 0)
        self.done("GET", "/v1/webhooks?environment=test&as_of=2100-01-01T00:00:00.000Z")
        self.done("DELETE", path)

    def events(self):
        """Registers a type, posts an event to a webhook, and lists events for a customer's key."""
        self.done("PUT", "/v1/event_types/report.completed", {}, account=None)
        self.done("DELETE", "/v1/event_types/report.completed", account=None)
        with visit.receiver() as (url, _):
            webhook = self.webhook(url)
            self.event()
            self.done("DELETE", f"/v1/webhooks/{webhook['id']}")
        self.done("GET", "/v1/events", account=None, token=self.key()["key"])

    def logs(self):
        """Reports a request, and reads logs and history, logs for a customer's key, too."""
        row = {"environment": "test", "method": "GET", "path": "/reports", "status": 200}
        self.done("POST", "/v1/request_logs", {"request_logs": [row]})
        self.done("GET", "/v1/logs?kind=api_request")
        self.done("GET", "/v1/audit_events")
        self.done("GET", "/v1/logs", account=None, token=self.key()["key"])

    def dashboard(self):
        """Does in the pages what a customer does, and what the operator does."""
        self.done("GET", "/readyz")
        account = self.created("/v1/accounts", {"name": "Grace"}, account=None)
        session = self.created("/v1/portal_sessions", {}, account=account["id"])
        customer = Browser(self.deployment)
        link = session["url"].removeprefix(self.deployment.url)
        customer.look(link)
        customer.send("/dashboard", code=link.partition("code=")[2])
        customer.look("/dashboard/keys")
        made = customer.send("/dashboard/keys", type="secret", environment="test", name="")
        customer.send(f"/dashboard/keys/{id_in(made, 'key_')}/reveal")
        url = "https://example.com/hooks"
        made = customer.send(
            "/dashboard/webhooks",
            webhook_url=url, environment="test", jurisdiction="US", hear="all",
        )
        webhook = f"/dashboard/webhooks/{id_in(made, 'wh_')}"
        customer.send(f"{webhook}/disable", sure="1")
        body = {"type": "report.completed", "environment": "test", "data": visit.REPORT}
        self.created("/v1/events", body, account=account["id"])
        customer.send(f"{webhook}/enable")
        customer.send(f"{webhook}/recover", period="week", include="cancelled")
        customer.send(f"{webhook}/ping")
        customer.look("/dashboard/history")
        operator = Browser(self.deployment)
        operator.send("/operator/sign-in", token=self.token)
        operator.look("/operator/accounts")
        operator.send(f"/operator/accounts/{account['id']}/close", confirm="Grace")

    def authorizer(self):
        """Lets a request pass, and adds it to the log."""
        key = self.key()
        event = {
            "version": "2.0",
            "type": "REQUEST",
            "rawPath": "/reports",
            "headers": {"authorization": f"Bearer {key['key']}"},
            "requestContext": {"http": {"method": "GET", "path": "/reports", "sourceIp": "::1"}},
        }
        answer = self.aws.client("lambda").invoke(
            FunctionName=self.deployment.physical("Authorizer"), Payload=json.dumps(event)
        )
        said = json.load(answer["Payload"])
        if answer.get("FunctionError") or not said.get("isAuthorized"):
            raise visit.Refused(said)

    def deliver(self):
        """Makes an attempt that is answered, one that is to be repeated, and one that ends a webhook."""
        for answer, status in [(200, "delivered"), (500, "retrying"), (410, "cancelled")]:
            with self.held_message(answer) as (message, event, webhook, _):
                self.invoke("Deliver", message)
                found = self.delivery_of(event, webhook)["status"]
                # Slots are short here: all of them may be gone before the second attempt.
                if found != status and (status, found) != ("retrying", "exhausted"):
                    raise visit.Refused(f"{answer} leads to {found}")

    def relay(self):
        """Passes a message on that is due tomorrow, and sweeps what a closed account leaves."""
        account = self.created("/v1/accounts", {"name": "Ada"}, account=None)
        self.key_of(account)
        self.done("DELETE", f"/v1/accounts/{account['id']}")
        self.sweep()
        with self.held_message(200) as (message, *_):
            tomorrow = datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=1)
            due = tomorrow.strftime("%Y-%m-%dT%H:%M:%S.000Z")
            self.invoke("Relay", {**message, "lane": "retry", "due": due})

    def sweep(self):
        """Has secrets destroyed that nothing names, as the schedule would."""
        answer = self.aws.client("lambda").invoke(
            FunctionName=self.deployment.physical("Relay"), Payload=json.dumps({"source": "aws.events"})
        )
        said = answer["Payload"].read().decode()
        if answer.get("FunctionError"):
            raise visit.Refused(said)

    def invoke(self, function, message):
        """Hands a message to a function, as a queue would."""
        record = {
            "messageId": "1",
            "receiptHandle": "1",
            "body": json.dumps(message),
            "attributes": {},
            "messageAttributes": {},
            "eventSource": "aws:sqs",
        }
        answer = self.aws.client("lambda").invoke(
            FunctionName=self.deployment.physical(function),
            Payload=json.dumps({"Records": [record]}),
        )
        said = json.load(answer["Payload"])
        if answer.get("FunctionError") or said != {"batchItemFailures": []}:
            raise visit.Refused(f"{function}: {said}")


def named(statement):
    """Name of a statement; those of SAM's policies have none."""
    return statement.get("Sid") or f"{statement['Action']} of {statement['Resource']}"


def id_in(text, prefix):
    """The first identifier of a kind in a text."""
    return re.search(rf"\b{prefix}[0-9a-z]{{26}}\b", text)[0]


if __name__ == "__main__":
    unittest.main()
