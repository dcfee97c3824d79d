"""A stack that lost its data, or itself, by the runbook of infra/README.md."""

import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

import deploy
import rendered
import visit


class Restore(visit.Visit):
    """A stack of its own, with an account that has a key."""

    @classmethod
    def setUpClass(cls):
        visited = deploy.VISITED
        cls.stack = deploy.deploy(visited.aws, visited.binaries[0].parent, "house", DeletionProtection="false")
        cls.visit(cls.stack)

    def test_restored_tables_and_a_stack_that_was_deleted_have_every_account_and_key(self):
        key = self.key()
        restored = self.restore("latest")
        self.assertEqual(set(restored), {"EventsTable", "ViewsTable"})
        self.stack.update(PublicUrl=self.stack.url, **restored)
        self.assert_knows(key)
        self.assert_protected(restored)
        later = self.key(name="later")
        self.delete()
        again = deploy.deploy(self.aws, self.stack.binaries[0].parent, "house", **restored)
        self.visited_again(again)
        for known in [key, later]:
            self.assert_knows(known)

    def restore(self, moment):
        """Runs infra/restore; returns the parameters that it says to deploy with."""
        with tempfile.TemporaryDirectory() as folder:
            command = pathlib.Path(folder, "aws")
            script = pathlib.Path(__file__).parent / "aws.py"
            command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -B "{script}" "$@"\n')
            command.chmod(0o755)
            environment = os.environ | self.aws.environment() | {"AWS_CLI": str(command)}
            done = subprocess.run(
                [sys.executable, rendered.INFRA / "restore", self.stack.stack, moment],
                env=environment, capture_output=True, text=True, check=False,
            )
        self.assertEqual(done.returncode, 0, done.stderr)
        return dict(re.findall(r"(\w+)=(\S+)", done.stdout))

    def assert_knows(self, key):
        """The key works, can be revealed, and its account is there."""
        self.done("GET", "/v1/events", account=None, token=key["key"])
        self.assertEqual(self.done("POST", f"/v1/api_keys/{key['id']}/reveal")["key"], key["key"])
        self.assertEqual(self.done("GET", f"/v1/accounts/{self.account}", account=None)["name"], "Restore")

    def assert_protected(self, restored):
        """What a restored table does not bring along is set."""
        dynamodb = self.aws.client("dynamodb")
        for table in restored.values():
            found = dynamodb.describe_table(TableName=table)["Table"]
            self.assertTrue(found["DeletionProtectionEnabled"])
            backups = dynamodb.describe_continuous_backups(TableName=table)["ContinuousBackupsDescription"]
            recovery = backups["PointInTimeRecoveryDescription"]["PointInTimeRecoveryStatus"]
            self.assertEqual(recovery, "ENABLED")
        expiry = dynamodb.describe_time_to_live(TableName=restored["ViewsTable"])["TimeToLiveDescription"]
        self.assertEqual((expiry["TimeToLiveStatus"], expiry["AttributeName"]), ("ENABLED", "expires_at"))

    def delete(self):
        """Deletes the stack, as `sam delete` does."""
        cloudformation = self.aws.client("cloudformation")
        cloudformation.delete_stack(StackName=self.stack.stack)
        waiter = cloudformation.get_waiter("stack_delete_complete")
        waiter.wait(StackName=self.stack.stack, WaiterConfig={"Delay": 1, "MaxAttempts": 60})

    def visited_again(self, deployment):
        """Goes on with another deployment of the same name, and its operator token."""
        type(self).deployment, type(self).token = deployment, deployment.operator_token()


if __name__ == "__main__":
    unittest.main()
