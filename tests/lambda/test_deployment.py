"""What a deployment checks by itself, and what an update reaches."""

import unittest
import urllib.error
import urllib.request

import deploy
import visit


class Deploying(visit.Visit):
    """Stacks of their own, beside the one under test."""

    def test_a_setting_that_functions_refuse_fails_the_deployment_says_why_and_leaves_nothing(self):
        tables = self.tables("refused")
        # In form a schedule, but longer than an event is kept for.
        with (
            self.assertRaisesRegex(RuntimeError, "lasts more than 30 days"),
            self.deployed("refused", RetrySchedule="900x30d"),
        ):
            self.fail("it was deployed")
        self.assertEqual(self.tables("refused"), tables)

    def test_a_changed_parameter_reaches_the_version_that_gets_the_traffic(self):
        with self.deployed("changed") as deployment:
            for limit in ["7", "8"]:
                deployment.update(PublicUrl=deployment.url, PingLimit=limit)
                self.assertEqual(self.live(deployment, "Webhooks")["LATCHHOOK_PING_LIMIT"], limit)

    def test_another_kind_of_vault_than_the_data_have_is_refused_and_changes_nothing(self):
        with self.deployed("vaults") as deployment:
            with self.assertRaisesRegex(RuntimeError, "secrets are in .*secrets-manager.* here"):
                deployment.update(PublicUrl=deployment.url, VaultKind="sealed")
            self.assertEqual(self.live(deployment, "Accounts")["LATCHHOOK_VAULT"], "secrets-manager")

    def test_the_operators_own_api_answers_and_the_customers_stage_says_whom_it_serves(self):
        with self.deployed("apart", OperatorApi="separate") as deployment:
            token = deployment.operator_token()
            api = deployment.outputs["OperatorUrl"].removeprefix("https://").partition(".")[0]
            operators = f"{self.aws.url}/_aws/execute-api/{api}/$default"
            found = [self.status(operators + path, token) for path in ("/v1/accounts", "/operator")]
            self.assertEqual(found, [200, 200])
            # The emulator does not pass the variable on; shared/lambda/src/http/tests.rs has what follows.
            stage = self.aws.client("apigatewayv2").get_stage(
                ApiId=deployment.outputs["ApiId"], StageName="$default"
            )
            self.assertEqual(stage["StageVariables"], {"surface": "customers"})

    def status(self, url, token):
        """Status of the answer to a request with a token."""
        asked = urllib.request.Request(url, headers={"Authorization": f"Bearer {token}"})
        try:
            with urllib.request.urlopen(asked, timeout=visit.PATIENCE_SECONDS) as answer:
                return answer.status
        except urllib.error.HTTPError as refused:
            return refused.code

    def live(self, deployment, function):
        """The environment of the version that the alias names."""
        found = self.aws.client("lambda").get_function_configuration(
            FunctionName=deployment.physical(function), Qualifier=deploy.ALIAS
        )
        return found["Environment"]["Variables"]

    def tables(self, stack):
        """The tables that a stack has made."""
        names = self.aws.client("dynamodb").list_tables()["TableNames"]
        return [name for name in names if name.startswith(f"{stack}-")]

    def deployed(self, name, **parameters):
        """A stack for the duration of the block."""
        return visit.deployed(self.deployment, name, **parameters)


if __name__ == "__main__":
    unittest.main()
