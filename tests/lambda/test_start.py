"""What a function asks of the system before it begins."""

import subprocess
import unittest

import deploy


class Start(unittest.TestCase):
    """Each library that a function needs is opened, mapped and relocated at every start."""

    def test_the_power_that_the_sdk_takes_is_in_the_function_itself(self):
        binaries = deploy.VISITED.binaries
        self.assertEqual(len(binaries), 9)
        for binary in binaries:
            with self.subTest(binary.name):
                command = ["nm", "--dynamic", "--undefined-only", "--format=posix", binary]
                missing = subprocess.check_output(command, text=True).splitlines()
                symbols = {line.split()[0].partition("@")[0] for line in missing}
                self.assertIn("malloc", symbols)
                self.assertNotIn("pow", symbols)


if __name__ == "__main__":
    unittest.main()
