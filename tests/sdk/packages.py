"""Both packages have what their registries and the project want.

packages.py FOLDER    the folder has dist/ with the wheel, and node_modules/latchhook
"""

import json
import pathlib
import re
import sys
import tomllib
import unittest
import zipfile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
WORK = pathlib.Path(sys.argv.pop())


class Packages(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        [wheel] = (WORK / "dist").glob("*.whl")
        with zipfile.ZipFile(wheel) as archive:
            cls.wheel = {name: archive.read(name).decode() for name in archive.namelist()}
        cls.npm = WORK / "node_modules" / "latchhook"
        cls.manifest = json.loads((cls.npm / "package.json").read_text())
        workspace = tomllib.loads((ROOT / "Cargo.toml").read_text())["workspace"]["package"]
        cls.version, cls.license = workspace["version"], workspace["license"]

    def test_versions_are_the_workspaces(self):
        self.assertEqual(self.manifest["version"], self.version)
        self.assertIn(f"\nVersion: {self.version}\n", self.metadata())

    def test_both_carry_the_projects_licence(self):
        text = (ROOT / "LICENSE").read_text()
        self.assertEqual((self.npm / "LICENSE").read_text(), text)
        [name] = [name for name in self.wheel if name.endswith("/LICENSE")]
        self.assertEqual(self.wheel[name], text)
        self.assertEqual(self.manifest["license"], self.license)
        self.assertIn(f"\nLicense-Expression: {self.license}\n", self.metadata())

    def test_both_are_typed(self):
        self.assertIn("latchhook/py.typed", self.wheel)
        for entry in self.manifest["exports"].values():
            for file in entry.values():
                self.assertTrue((self.npm / file).is_file(), file)

    def test_nothing_runs_when_the_package_is_installed(self):
        scripts = self.manifest.get("scripts", {})
        self.assertFalse([name for name in scripts if re.search("install|prepare", name)])

    def test_only_what_is_used_is_in_them(self):
        strays = [name for name in self.wheel if not name.startswith(("latchhook/", "latchhook-"))]
        self.assertEqual(strays, [])
        files = {path.name for path in self.npm.iterdir()}
        self.assertEqual(files, {"LICENSE", "README.md", "dist", "package.json"})

    def metadata(self):
        [name] = [name for name in self.wheel if name.endswith(".dist-info/METADATA")]
        return self.wheel[name]


unittest.main()
