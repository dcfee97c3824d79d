"""The packages have what their registries and the project want.

packages.py FOLDER    the folder has dist/ with the wheel, node_modules/latchhook, go and java
"""

import json
import pathlib
import re
import sys
import tomllib
import unittest
import xml.etree.ElementTree
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
        cls.go = WORK / "go"
        cls.pom = xml.etree.ElementTree.parse(WORK / "java" / "pom.xml").getroot()
        workspace = tomllib.loads((ROOT / "Cargo.toml").read_text())["workspace"]["package"]
        cls.version, cls.license = workspace["version"], workspace["license"]
        cls.jars = {}
        for kind in ("", "-sources", "-javadoc"):
            jar = WORK / "java" / "target" / f"latchhook-{cls.version}{kind}.jar"
            with zipfile.ZipFile(jar) as archive:
                cls.jars[kind] = {name: archive.read(name) for name in archive.namelist()}

    def test_versions_are_the_workspaces(self):
        self.assertEqual(self.manifest["version"], self.version)
        self.assertIn(f"\nVersion: {self.version}\n", self.metadata())
        self.assertEqual(self.said("version"), self.version)

    def test_all_carry_the_projects_licence(self):
        text = (ROOT / "LICENSE").read_text()
        self.assertEqual((self.npm / "LICENSE").read_text(), text)
        [name] = [name for name in self.wheel if name.endswith("/LICENSE")]
        self.assertEqual(self.wheel[name], text)
        self.assertEqual((self.go / "LICENSE").read_text(), text)
        self.assertEqual(self.jars[""]["META-INF/LICENSE"].decode(), text)
        self.assertEqual(self.said("licenses/license/name"), self.license)
        self.assertEqual(self.manifest["license"], self.license)
        self.assertIn(f"\nLicense-Expression: {self.license}\n", self.metadata())

    def test_registries_say_who_made_them_and_where_they_come_from(self):
        for name in ("author", "homepage", "repository", "description", "keywords"):
            self.assertTrue(self.manifest.get(name), name)
        # npm compares it with where the package was built.
        self.assertEqual(self.manifest["repository"]["directory"], "sdk/typescript")
        for line in ("Author: ", "Summary: ", "Keywords: ", "Project-URL: Homepage, ", "Project-URL: Source, "):
            self.assertIn(f"\n{line}", self.metadata())

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

    def test_the_module_of_go_replaces_nothing_and_generates_nothing(self):
        module = (self.go / "go.mod").read_text()
        self.assertTrue(module.startswith("module latchhook.example/latchhook\n"))
        self.assertFalse(re.findall("^(?:replace|exclude|tool)", module, re.MULTILINE))
        for path in self.go.rglob("*.go"):
            self.assertNotIn("//go:generate", path.read_text())

    def test_maven_central_finds_what_it_asks_for(self):
        for path in ("name", "description", "url", "developers/developer/name", "scm/url", "scm/connection"):
            self.assertTrue(self.said(path), path)
        self.assertIn("latchhook/Latchhook.java", set(self.jars["-sources"]))
        # Below the name of the module.
        self.assertIn("latchhook/latchhook/Latchhook.html", set(self.jars["-javadoc"]))
        self.assertFalse(self.said("repositories"))

    def said(self, path):
        maven = "{http://maven.apache.org/POM/4.0.0}"
        return self.pom.findtext("/".join(maven + name for name in path.split("/")))

    def metadata(self):
        [name] = [name for name in self.wheel if name.endswith(".dist-info/METADATA")]
        return self.wheel[name]


unittest.main()
