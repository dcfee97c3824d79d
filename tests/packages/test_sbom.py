"""The list of what the program is made of."""

import json
import re
import unittest

import support
from support import DIST, ROOT, VERSION


class Sbom(unittest.TestCase):
    """One document of CycloneDX."""

    @classmethod
    def setUpClass(cls):
        cls.text = (DIST / f"latchhook-{VERSION}.cdx.json").read_text()
        cls.list = json.loads(cls.text)

    def test_it_is_of_this_version_and_names_no_folder_and_no_moment(self):
        self.assertEqual((self.list["bomFormat"], self.list["specVersion"]), ("CycloneDX", "1.5"))
        component = self.list["metadata"]["component"]
        self.assertEqual((component["name"], component["version"]), ("latchhook", VERSION))
        self.assertNotIn("serialNumber", self.list)
        self.assertEqual(set(re.findall("file:///[^/]*/", self.text)), {"file:///latchhook/"})

    def test_it_has_everything_that_is_built_for_the_release(self):
        """And a little more: Cargo's metadata names what optional parts of a dependency would bring."""
        tree = support.run(
            "cargo", "tree", "--locked", "--offline", "--package", "latchhook", "--all-features",
            "--target", "x86_64-unknown-linux-musl", "--edges", "normal,build", "--prefix", "none",
            "--format", "{p}", cwd=ROOT,
        )  # fmt: skip
        built = {tuple(line.split()[:2]) for line in tree.splitlines() if line}
        built = {(name, version.removeprefix("v")) for name, version in built}
        listed = {(one["name"], one["version"]) for one in self.list["components"]}
        self.assertEqual(built - {("latchhook", VERSION)} - listed, set())
        self.assertLess(len(listed - built), 20)

    def test_each_part_says_its_licence_and_where_it_comes_from(self):
        for component in self.list["components"]:
            with self.subTest(component["name"]):
                self.assertTrue(component["licenses"])
                self.assertTrue(component["purl"].startswith("pkg:cargo/"))


if __name__ == "__main__":
    unittest.main()
