"""Functions call AWS only when they need to."""

import unittest

import bench
import deploy


class Start(unittest.TestCase):
    """Starts each function and has it answer once, recording every call to AWS."""

    def test_no_function_calls_aws_at_its_start(self):
        binaries = {binary.name.removeprefix("lambda-"): binary for binary in deploy.VISITED.binaries}
        self.assertEqual(set(binaries), set(bench.FUNCTIONS))
        with bench.Stage() as stage:
            for name, binary in binaries.items():
                with self.subTest(name):
                    stage.start(name, str(binary))

    def test_a_call_to_aws_is_recorded(self):
        [binary] = [b for b in deploy.VISITED.binaries if b.name == "lambda-accounts"]
        asked = bench.request("/v1/accounts")
        asked["headers"]["authorization"] = "Bearer lhop_" + 43 * "0"
        with bench.Stage() as stage, self.assertRaisesRegex(bench.Unexpected, "a call of AWS"):
            stage.start("accounts", str(binary), asked)


if __name__ == "__main__":
    unittest.main()
