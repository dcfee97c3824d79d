"""The rendered templates keep the rules of AWS that emulators do not hold.

`python tests/lambda/test_rules.py TEMPLATE` says what another template breaks.
"""

import copy
import pathlib
import re
import sys
import tomllib
import unittest

import quotas  # noqa: F401 - adds its rules
import rendered
import rest
import rules
from resolved import Resolver
from samtranslator.yaml_helper import yaml_parse

TEMPLATES = sorted(path.name for path in rendered.INFRA.glob("*.yaml"))
README = (rendered.INFRA / "README.md").read_text(encoding="utf-8")
MAIN = rendered.render(rendered.read())
CHECKS = rendered.render(rendered.read("check.yaml"))
# What breaks a rule: a change of the main template's resources, of those of the checks, or of the rest.
BROKEN = {
    "managed_policies": lambda r: r["AccountsRole"]["Properties"].update(ManagedPolicyArns=11 * ["a"]),
    "policy_sizes": lambda r: r["RelayRole"]["Properties"]["Policies"].append({"PolicyDocument": 10_240 * "a"}),
    "names": lambda r: r["Relay"]["Properties"].update(FunctionName={"Fn::Sub": "${AWS::StackName}-relay"}),
    "environment": lambda r: r["Relay"]["Properties"]["Environment"]["Variables"].update(MORE=4000 * "a"),
    "generated": lambda r: r["OperatorToken"]["Properties"].update(
        GenerateSecretString={"ExcludeCharacters": "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"}
    ),
    "secret_names": lambda r: r["OperatorToken"]["Properties"].update(Name="operators-secret"),
    "retained": lambda r: r["Views"].update(DeletionPolicy="Retain"),
    "visibility": lambda r: r["Deliver"]["Properties"].update(Timeout=61),
    "receives": lambda r: r["DeliveriesQueue"]["Properties"]["RedrivePolicy"].update(maxReceiveCount=10),
    "batches": lambda r: r["RelayHop"]["Properties"].update(BatchSize=11, MaximumBatchingWindowInSeconds=0),
    "reserved": lambda r: r["EventsApi"]["Properties"].update(ReservedConcurrentExecutions=5),
    "functions": lambda r: r["Deliver"]["Properties"].update(Timeout=901),
    "custom_resources": lambda r: r["Smoke"]["Properties"].update(ServiceTimeout=3601),
    "parameter_values": lambda r: r["Check"]["Properties"]["Parameters"].update(Functions=4097 * "a"),
    "queues": lambda r: r["RetryHoursQueue"]["Properties"].update(DelaySeconds=901),
    "dead_letters": lambda r: r["DeadLetterQueue"]["Properties"].pop("MessageRetentionPeriod"),
    "stages": lambda r: r["HttpApiGatewayDefaultStage"]["Properties"]["AccessLogSettings"].update(Format=3073 * "a"),
    "retentions": lambda r: r["AccessLogs"]["Properties"].pop("RetentionInDays"),
    "rates": lambda r: r["RelaySweep"]["Properties"].update(ScheduleExpression="rate(1 minutes)"),
    "secret_lengths": lambda r: r["Relay"]["Properties"]["Environment"]["Variables"].update(
        LATCHHOOK_STACK={"Fn::Join": ["/", 4 * [{"Ref": "AWS::StackName"}]]}
    ),
    "wildcards": lambda r: r["UseStore"]["Properties"]["PolicyDocument"]["Statement"][0].update(Resource="*"),
    "concurrency": lambda r: r["RelayHop"]["Properties"]["ScalingConfig"].update(MaximumConcurrency=1),
    "new_account": lambda r: r["RelayHop"]["Properties"]["ScalingConfig"].update(MaximumConcurrency=3),
    "gateway_waits": lambda r: r["Authorizer"]["Properties"].update(Timeout=11),
    "routes": lambda r: r["Http"]["Properties"]["Body"]["paths"].update({"$default": {}}),
    "throttling": lambda r: r["HttpApiGatewayDefaultStage"]["Properties"].pop("DefaultRouteSettings"),
    "resource_policies": lambda r: r["AccountsAllPermission"]["Properties"].update(SourceArn=20_000 * "a"),
    "versions": lambda r: r["Settings"]["Properties"]["Environment"].pop("LATCHHOOK_PING_LIMIT"),
    "builds": lambda r: r["EventsApi"].pop("Metadata"),
    "deployments": lambda r: r["RelayDeploymentGroup"]["Properties"].pop("AlarmConfiguration"),
    "template_size": lambda r: r.update({f"Topic{n}": {"Type": "AWS::SNS::Topic"} for n in range(500)}),
}
IN_CHECKS = {
    "alarms": lambda r: r["FunctionsFailAlarm"]["Properties"].pop("OKActions"),
    "filters": lambda r: r["FunctionsFail"]["Properties"].update(FilterPattern=1025 * "a"),
}
OTHERWISE = {
    "patterns": lambda t: t["Parameters"]["KeyPrefix"].pop("AllowedPattern"),
    "rule_functions": lambda t: t["Rules"].update(Network={"Fn::Select": [0, []]}),
    "ages": lambda t: t["Resources"].update(
        Late={
            "Type": "AWS::CloudWatch::Alarm",
            "Properties": {
                "MetricName": "ApproximateAgeOfOldestMessage",
                "Dimensions": [{"Name": "QueueName", "Value": {"Ref": "DeliveriesQueue"}}],
                "Threshold": 60,
            },
        }
    ),
}
# Values of parameters that are taken, and that are refused.
TAKEN = {
    "PublicUrl": ["", "https://hooks.example.com", "http://127.0.0.1:1/_aws/execute-api/fa06ef32/$default"],
    "KeyPrefix": ["lh", "a", "acme_corp", "k3"],
    "RetrySchedule": ["10x1m,24x1h", "5x250ms"],
    "DeliveryTimeout": ["1s", "29s"],
    "HopLimit": ["1s", "900s", "15m"],
    "AllowNetworks": ["", "127.0.0.0/8", "10.0.0.0/8,fd00::/8"],
    "NameServers": ["", "10.0.0.2", "[fd00::2]:53,10.0.0.3:5353"],
    "SignatureHeaders": ["webhook", "webhook,svix", "x-acme2,svix,webhook"],
    "UserAgent": ["", "Acme-Webhooks/1.0 (+https://acme.example)"],
    "LegacySignatureHeader": ["", "X-Checkr-Signature"],
    "FrameAncestors": ["", "https://app.example.com,http://localhost:3000", "https://*.example.com:8443"],
    "Jurisdictions": ["none", "US=United States,CA=Canada", "DE=Germany"],
    "BrandName": ["", "Acme & Söhne"],
    "BrandAccent": ["", "#0b6b4f"],
    "BrandLogo": ["", "/opt/logo.svg"],
    "WordsFile": ["", "/opt/words.toml"],
    "BrandLayer": ["", "arn:aws:lambda:us-east-1:123456789012:layer:acme:3"],
    "DocsUrl": ["", "https://docs.example.com/webhooks"],
    "SupportUrl": ["", "mailto:help@example.com", "https://example.com/help"],
    "PageParts": ["keys,webhooks,logs,history", "webhooks", "keys,credit"],
    "WarmWrites": ["", "4000", "12000", "1000000"],
    "WarmReads": ["", "12000", "40000", "1000000"],
    "FailingAfter": ["1h", "90s", "60d"],
    "LogQuota": ["256MiB", "1GiB"],
    "LogRetention": ["30d", "3650d", "24h"],
    "LogFilter": ["info", "info,app=debug", "latchhook_lambda::batch=off"],
    "OidcIssuer": ["", "https://example.okta.com", "https://login.microsoftonline.com/t/v2.0", "http://localhost:9000"],
    "OidcClientId": ["", "0oa1", "1234-abc.apps.googleusercontent.com"],
    "OidcSecret": ["", "latchhook/oidc", "Okta_client=1"],
    "OidcName": ["single sign-on", "Okta"],
    "OidcEmails": ["", "ada@example.com", "ada@example.com,bob@ops.example"],
    "OidcDomains": ["", "example.com", "example.com,ops.example"],
    "OidcClaim": ["", "groups=ops", "roles=Latchhook operators"],
    "OidcScopes": ["all", "logs:read", "accounts:read,event_types:write"],
    "OperatorUrl": ["", "https://ops.example.com"],
    "AlarmTopic": ["", "arn:aws:sns:us-east-1:123456789012:alarms"],
    "KmsKeyArn": ["", "arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab"],
}
REFUSED = {
    "PublicUrl": ["hooks.example.com", "https://u:p@h"],
    "KeyPrefix": ["", "Lh", "lhop", "lhps_x", "a_", "_a", "1a", "a" * 17],
    "RetrySchedule": ["", "1m", "10x", "0x1m", "10x0m", "10x1w", "10x1m,"],
    "DeliveryTimeout": ["30s", "0s", "1m"],
    "HopLimit": ["9999s", "901s", "16m", "0s", "1h"],
    "WarmWrites": ["0", "3999", "04000", "10000000", "4k"],
    "WarmReads": ["0", "4000", "11999", "012000", "10000000"],
    "FailingAfter": ["0s", "61d", "1w", "100m"],
    "AllowNetworks": ["everything", "10.0.0.0/8;", "10.0.0.0/"],
    "NameServers": ["dns.example.com", "10.0.0.2:"],
    "SignatureHeaders": ["", "Webhook", "a,b,c,d", "a-", "-a", "a b", "a,"],
    "UserAgent": ["a\tb", "Söhne"],
    "LegacySignatureHeader": ["Host", "webhook-id", "a b"],
    "FrameAncestors": ["*", "app.example.com", "https://a b", "https://a/b", "https://"],
    "Jurisdictions": ["", "US", "US=", "U S=x", "US=a,,CA=b"],
    "BrandName": ["a\tb"],
    "BrandAccent": ["red", "#0b6b4", "0b6b4f"],
    "BrandLogo": ["logo.svg", "/etc/passwd"],
    "WordsFile": ["words.toml", "/tmp/x"],
    "BrandLayer": ["acme", "arn:aws:lambda:us-east-1:123456789012:layer:acme"],
    "DocsUrl": ["docs.example.com", "javascript:alert(1)", "https://u@h"],
    "SupportUrl": ["help@example.com", "mailto:"],
    "PageParts": ["", "credit", "keys,billing"],
    "LogQuota": ["256", "0MiB", "256MB"],
    "LogRetention": ["0d", "3651d", "30", "forever"],
    "LogFilter": ["", "loud", "app=loud", "info;debug"],
    "OidcIssuer": ["example.okta.com", "http://id.example.com", "https://u@h", "http://localhost.evil.example"],
    "OidcClientId": ["a b"],
    "OidcSecret": ["a b", "arn:aws:secretsmanager:us-east-1:123456789012:secret:oidc"],
    "OidcName": ["", "a\tb"],
    "OidcEmails": ["ada", "ada@example", "a@b.c,", "a@b.c d"],
    "OidcDomains": ["com", "a@b.c", "example.com,"],
    "OidcClaim": ["groups", "=ops", "groups="],
    "OidcScopes": ["", "everything", "logs:read,", "Logs:read"],
    "OperatorUrl": ["ops.example.com", "https://u:p@h"],
    "AlarmTopic": ["alarms", "arn:aws:sqs:us-east-1:123456789012:q"],
    "KmsKeyArn": ["alias/own", "arn:aws:kms:us-east-1:123456789012:alias/own"],
}
# Parameters that are given together, and what the section Rules says of them.
PEOPLE = {"OidcIssuer": "https://id.example", "OidcClientId": "0oa1", "OidcSecret": "oidc", "OidcDomains": "a.example"}
TOGETHER = [
    ({}, []),
    ({"SubnetIds": "subnet-1,subnet-2"}, ["SubnetIds needs SecurityGroupIds."]),
    ({"SubnetIds": "subnet-1,subnet-2", "SecurityGroupIds": "sg-1"}, []),
    ({"EventsTable": "events"}, ["EventsTable needs ViewsTable."]),
    ({"ViewsTable": "views"}, ["ViewsTable needs EventsTable."]),
    ({"EventsTable": "events", "ViewsTable": "views"}, []),
    ({"WarmWrites": "4000"}, ["WarmWrites needs WarmReads."]),
    ({"WarmReads": "12000"}, ["WarmReads needs WarmWrites."]),
    ({"WarmWrites": "4000", "WarmReads": "12000"}, []),
    (PEOPLE, []),
    (PEOPLE | {"OidcClientId": ""}, ["OidcIssuer needs OidcClientId."]),
    (PEOPLE | {"OidcSecret": ""}, ["OidcIssuer needs OidcSecret."]),
    (
        PEOPLE | {"OidcDomains": ""},
        ["OidcIssuer needs OidcEmails, OidcDomains or OidcClaim, which say who may sign in."],
    ),
    (PEOPLE | {"OidcDomains": "", "OidcClaim": "groups=ops"}, []),
    (PEOPLE | {"OperatorApi": "separate"}, ["OidcIssuer and OperatorApi=separate need OperatorUrl."]),
    (PEOPLE | {"OperatorApi": "separate", "OperatorUrl": "https://ops.example"}, []),
    ({"TokenSignIn": "off"}, ["TokenSignIn=off needs OidcIssuer."]),
    (PEOPLE | {"TokenSignIn": "off"}, []),
]


class Rules(unittest.TestCase):
    """One subtest for each rule and template."""

    def test_every_template_keeps_every_rule(self):
        for name in TEMPLATES:
            template = rendered.render(rendered.read(name))
            for rule in rules.RULES:
                with self.subTest(f"{name}: {rule.name}"):
                    self.assertEqual(list(rule.check(template)), [])

    def test_every_rule_can_be_broken(self):
        changes = {n: lambda t, c=c: c(t["Resources"]) for n, c in (BROKEN | IN_CHECKS).items()} | OTHERWISE
        self.assertEqual(set(changes), {rule.check.__name__ for rule in rules.RULES})
        for rule in rules.RULES:
            with self.subTest(rule.name):
                template = copy.deepcopy(CHECKS if rule.check.__name__ in IN_CHECKS else MAIN)
                changes[rule.check.__name__](template)
                self.assertNotEqual(list(rule.check(template)), [])

    def test_the_readme_lists_every_rule_with_its_test_and_source(self):
        rows = re.findall(r"^\| (.+?) \| `(\w+\.\w+)` \| \[.+?\]\((.+?)\) \|$", README, re.M)
        named = [(one.name, f"{one.check.__module__}.{one.check.__name__}", one.source) for one in rules.RULES]
        self.assertEqual(sorted(rows), sorted(named))

    def test_the_operators_own_api_has_the_routes_of_the_other(self):
        own = rendered.render(rendered.read("operator.yaml"))["Resources"]["Http"]["Properties"]["Body"]["paths"]
        served = {}
        for paths in [MAIN["Resources"]["Http"]["Properties"]["Body"]["paths"], own]:
            for path, methods in paths.items():
                [operation] = methods.values()
                uri = operation["x-amazon-apigateway-integration"]["uri"]["Fn::Sub"]
                function = re.search(r"functions/\$\{(\w+?)(Aliaslive)?\}", uri)[1]
                served.setdefault(path, []).append((function, operation.get("isDefaultRoute", False)))
        for path, both in served.items():
            self.assertEqual(both, both[:1] * 2, path)

    def test_settings_of_the_pages_that_do_not_fit_together_are_refused_by_the_deployment(self):
        given = MAIN["Resources"]["Settings"]["Properties"]
        shown = MAIN["Resources"]["Dashboard"]["Properties"]["Environment"]["Variables"]
        self.assertEqual(given["Environment"] | given["Pages"], shown)
        check = {}
        exec(CHECKS["Resources"]["Check"]["Properties"]["Code"]["ZipFile"], check)
        fits = {"Environment": {"A": "a"}, "Pages": {"B": 4080 * "b"}, "Values": []}
        self.assertIn("Digest", check["settings"](fits))
        fits["Pages"]["B"] += "b"
        with self.assertRaisesRegex(ValueError, "told 4097 bytes, and Lambda takes 4096: shorten"):
            check["settings"](fits)

    def test_localstack_is_told_every_service_of_what_is_deployed_there(self):
        compose = yaml_parse((rendered.INFRA / "localstack" / "compose.yaml").read_text(encoding="utf-8"))
        told = set(compose["services"]["localstack"]["environment"]["SERVICES"].split(","))
        types = {one["Type"] for template in (rest.rest_of(MAIN), CHECKS) for one in template["Resources"].values()}
        needed = {kind.split("::")[1].lower() for kind in types if kind.startswith("AWS::")}
        # Left out where it is deployed to an emulator.
        self.assertEqual(needed - told, {"codedeploy"})

    def test_sam_is_told_of_what_a_stack_with_nested_templates_needs(self):
        config = tomllib.loads((rendered.INFRA.parent / "samconfig.toml").read_text(encoding="utf-8"))
        said = config["default"]["deploy"]["parameters"]["capabilities"].split()
        self.assertEqual(said, ["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"])

    def test_parameters_are_refused_where_functions_would_refuse_them(self):
        parameters = rendered.read()["Parameters"]
        patterned = {name for name, parameter in parameters.items() if "AllowedPattern" in parameter}
        self.assertEqual(patterned - {"EventsTable", "ViewsTable"}, set(TAKEN))
        for expected, examples in [(True, TAKEN), (False, REFUSED)]:
            for name, values in examples.items():
                for value in values:
                    with self.subTest(f"{name}={value}"):
                        found = re.search(parameters[name]["AllowedPattern"], value)
                        self.assertEqual(bool(found), expected)

    def test_parameters_that_need_each_other_are_refused_without_the_other(self):
        for given, expected in TOGETHER:
            with self.subTest(given):
                self.assertEqual(Resolver(MAIN, **given).refusals(), expected)
        assertions = [one for rule in MAIN["Rules"].values() for one in rule["Assertions"]]
        written = {one["AssertDescription"] for one in assertions}
        self.assertEqual({one for _, refused in TOGETHER for one in refused}, written)


def main(path):
    """Prints what a template breaks; returns the exit code."""
    template = rendered.render(yaml_parse(pathlib.Path(path).read_text(encoding="utf-8")))
    broken = [(rule, fault) for rule in rules.RULES for fault in rule.check(template)]
    for rule, fault in broken:
        print(f"{rule.name}: {fault} ({rule.source})")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]) if len(sys.argv) > 1 else unittest.main())
