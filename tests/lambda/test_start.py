"""A function asks AWS for nothing before it needs it."""

import unittest

import bench
import deploy


class Start(unittest.TestCase):
    """Each function starts and answers once, on a stage that hears every call of AWS."""

    def test_no_function_calls_aws_before_it_has_to(self):
        binaries = {binary.name.removeprefix("lambda-"): binary for binary in deploy.VISITED.binaries}
        self.assertEqual(set(binaries), set(bench.FUNCTIONS))
        with bench.Stage() as stage:
            for name, binary in binaries.items():
                with self.subTest(name):
                    stage.start(name, str(binary))

    def test_a_call_of_aws_is_heard(self):
        [binary] = [b for b in deploy.VISITED.binaries if b.name == "lambda-accounts"]
        asked = bench.request("/v1/accounts")
        asked["headers"]["authorization"] = "Bearer lhop_" + 43 * "0"
        with bench.Stage() as stage, self.assertRaisesRegex(bench.Unexpected, "a call of AWS"):
            stage.start("accounts", str(binary), asked)


if __name__ == "__main__":
    unittest.main()
