"""infra/preflight, with an aws command that answers as one was told."""

import json
import os
import pathlib
import stat
import subprocess
import sys
import tempfile
import unittest

import rendered

FAKE = """#!{python}
import json, sys
answers = {answers!r}
found = answers.get(" ".join(word for word in sys.argv[1:] if not word.startswith("-"))) or answers.get(sys.argv[2])
if found is None:
    sys.exit("An error occurred (NoSuchResourceException)")
print(json.dumps(found))
"""


class Preflight(unittest.TestCase):
    """Runs it for accounts with various quotas."""

    def run_for(self, concurrent, *arguments, unreserved=None):
        """Exit code and findings for an account with so many concurrent executions."""
        limit = {"ConcurrentExecutions": concurrent, "UnreservedConcurrentExecutions": unreserved or concurrent}
        answers = {
            "get-account-settings": {"AccountLimit": limit},
            "get-account-summary": {"SummaryMap": {"Roles": 20}},
        }
        with tempfile.TemporaryDirectory() as folder:
            fake = pathlib.Path(folder, "aws")
            fake.write_text(FAKE.format(python=sys.executable, answers=answers))
            fake.chmod(fake.stat().st_mode | stat.S_IXUSR)
            command = [sys.executable, rendered.INFRA / "preflight", "--json", *arguments]
            environment = os.environ | {"AWS_CLI": str(fake)}
            done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        return done.returncode, done.stdout and [one["what"] for one in json.loads(done.stdout) if not one["fits"]], done

    def test_the_defaults_fit_a_new_account(self):
        for concurrent in [10, 50, 1000]:
            self.assertEqual(self.run_for(concurrent)[:2], (0, []), concurrent)

    def test_what_does_not_fit_is_named_with_the_values_that_do(self):
        code, [what], _ = self.run_for(50, "FirstConcurrency=50", "RetryConcurrency=20")
        self.assertEqual(code, 1)
        self.assertIn("FirstConcurrency=33 and RetryConcurrency=11", what)
        self.assertEqual(self.run_for(50, "FirstConcurrency=33", "RetryConcurrency=11")[0], 0)

    def test_an_account_too_small_for_anything_is_sent_to_service_quotas(self):
        _, [what], _ = self.run_for(8)
        self.assertIn("ask Service Quotas", what)

    def test_what_others_have_reserved_is_counted(self):
        code, [what], _ = self.run_for(1000, unreserved=100)
        self.assertEqual(code, 1)
        self.assertIn("reserved 900", what)

    def test_a_rate_above_the_quota_is_named(self):
        _, [what], _ = self.run_for(1000, "ApiRate=20000")
        self.assertIn("lower it to 10000", what)

    def test_a_parameter_that_does_not_exist_is_refused(self):
        _, _, done = self.run_for(1000, "FirstConcurency=5")
        self.assertIn("no parameter FirstConcurency", done.stderr)


if __name__ == "__main__":
    unittest.main()
