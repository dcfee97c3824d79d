"""The tests of deliveries through SNS, on LocalStack."""

import contextlib
import os
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "emulator"))

import emulator  # noqa: E402
import test_sns  # noqa: E402


class LocalStack(test_sns.Sns):
    """Without the tests of wrong keys: LocalStack's free edition accepts any access key."""

    @classmethod
    def setUpClass(cls):
        cls.context = contextlib.ExitStack()
        url = os.environ["AWS_ENDPOINT_URL_SNS"]
        cls.aws = emulator.Emulator(url)
        cls.latchhook = cls.context.enter_context(
            test_sns.server.running(AWS_ENDPOINT_URL_SNS=url)
        )

    test_a_wrong_access_key_is_named_by_the_services_code = None
    test_a_key_without_permission_is_named_by_the_services_code = None


if __name__ == "__main__":
    unittest.main(defaultTest="LocalStack")
