"""The authorizer, attached to an HTTP API of the operator's own as infra/README.md says."""

import base64
import json
import unittest
import urllib.error
import urllib.request

import emulator
import visit
from deploy import ACCOUNT


class Authorizer(visit.Visit):
    """An API of the operator's, whose integration echoes the authorizer's context."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.done("PATCH", f"/v1/accounts/{cls.account}", {"credentialed": True})
        gateway = cls.aws.client("apigatewayv2")
        api = gateway.create_api(Name="own", ProtocolType="HTTP")["ApiId"]
        arn = cls.deployment.outputs["AuthorizerArn"]
        region = emulator.REGION
        authorizer = gateway.create_authorizer(
            ApiId=api,
            Name="latchhook",
            AuthorizerType="REQUEST",
            AuthorizerPayloadFormatVersion="2.0",
            EnableSimpleResponses=True,
            IdentitySource=["$request.header.Authorization"],
            AuthorizerResultTtlInSeconds=0,
            AuthorizerUri=f"arn:aws:apigateway:{region}:lambda:path/2015-03-31/functions/{arn}/invocations",
        )["AuthorizerId"]
        cls.aws.client("lambda").add_permission(
            FunctionName=arn,
            StatementId=api,
            Action="lambda:InvokeFunction",
            Principal="apigateway.amazonaws.com",
            SourceArn=f"arn:aws:execute-api:{region}:{ACCOUNT}:{api}/authorizers/*",
        )
        integration = gateway.create_integration(
            ApiId=api,
            IntegrationType="AWS_PROXY",
            IntegrationUri=cls.echo(api),
            PayloadFormatVersion="2.0",
        )["IntegrationId"]
        gateway.create_route(
            ApiId=api,
            RouteKey="GET /reports",
            Target=f"integrations/{integration}",
            AuthorizationType="CUSTOM",
            AuthorizerId=authorizer,
        )
        gateway.create_stage(ApiId=api, StageName="$default", AutoDeploy=True)
        cls.url = f"{cls.aws.url}/_aws/execute-api/{api}/$default/reports"

    @classmethod
    def echo(cls, api):
        """A function that answers with the authorizer's context."""
        code = (
            "import json\n"
            "def handler(event, _):\n"
            "    said = event['requestContext']['authorizer']['lambda']\n"
            "    return {'statusCode': 200, 'body': json.dumps(said)}\n"
        )
        return cls.deployment.function("echo", code, api)

    def ask(self, authorization):
        """Calls the operator's own API with that header; returns status and answer."""
        headers = {"Authorization": authorization, "User-Agent": "acme/1"} if authorization else {}
        request = urllib.request.Request(self.url, headers=headers)
        try:
            with urllib.request.urlopen(request) as response:
                return response.status, json.load(response)
        except urllib.error.HTTPError as error:
            return error.code, None

    def test_a_valid_key_passes_with_its_account(self):
        key = self.key(environment="live")
        basic = base64.b64encode(f"{key['key']}:".encode()).decode()
        for authorization in [f"Basic {basic}", f"Bearer {key['key']}"]:
            status, said = self.ask(authorization)
            self.assertEqual(status, 200)
            self.assertEqual(
                said,
                {
                    "account_id": self.account,
                    "environment": "live",
                    "key_type": "secret",
                    "key_id": key["id"],
                },
            )

    def test_other_credentials_are_refused(self):
        ended = self.key()
        self.done("POST", f"/v1/api_keys/{ended['id']}/expire", {})
        unknown = "lh_sk_test_" + "0" * 38
        for authorization in [f"Bearer {ended['key']}", f"Bearer {unknown}", "Bearer", "Basic %"]:
            self.assertEqual(self.ask(authorization)[0], 403, authorization)
        self.assertEqual(self.ask(None)[0], 401)

    def test_the_request_is_in_the_accounts_log(self):
        key = self.key()
        self.ask(f"Bearer {key['key']}")
        [row] = self.done("GET", f"/v1/logs?kind=api_request&api_key_id={key['id']}")["data"]
        self.assertEqual(
            (row["method"], row["path"], row["status"], row["ip"], row["user_agent"]),
            ("GET", "/reports", None, "127.0.0.1", "acme/1"),
        )


if __name__ == "__main__":
    unittest.main()
