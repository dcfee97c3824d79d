"""What a function loads before it begins."""

import re
import subprocess
import unittest

import deploy

# The C library, what loads it, and what reads its stack.
NEEDED = r"libc\.so\.6|ld-linux-[^.]+\.so\.[12]|libgcc_s\.so\.1"


class Start(unittest.TestCase):
    """Each library is opened, mapped and relocated at every start."""

    def test_a_function_loads_no_library_but_the_c_librarys(self):
        binaries = sorted(deploy.VISITED.binaries)
        self.assertEqual(len(binaries), 9)
        for binary in binaries:
            with self.subTest(binary.name):
                dynamic = subprocess.check_output(["readelf", "--dynamic", "--wide", binary], text=True)
                libraries = re.findall(r"\(NEEDED\).*\[(.+)\]", dynamic)
                self.assertIn("libc.so.6", libraries)
                self.assertEqual([l for l in libraries if not re.fullmatch(NEEDED, l)], [])


if __name__ == "__main__":
    unittest.main()
