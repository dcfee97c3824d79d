"""The Debian package: installed, used, upgraded, removed and purged in a system of its own."""

import json
import os
import pathlib
import re
import shutil
import stat
import subprocess
import tempfile
import unittest

import support
from support import DEBIAN_NAMES, DIST, NOBODY, PACKAGING, VERSION

UNIT = PACKAGING / "debian" / "latchhook.service"
# In tenths, as systemd-analyze takes it: 2.0.
EXPOSURE = 20
LATER = "99.0.0"
CONFIG = "etc/latchhook/latchhook.toml"


def package(architecture="amd64"):
    """Path of the package."""
    return DIST / f"latchhook_{VERSION}_{architecture}.deb"


class Package(unittest.TestCase):
    """Both packages as data."""

    def test_each_says_for_what_it_is_and_has_the_program(self):
        for architecture, name in DEBIAN_NAMES.items():
            with self.subTest(architecture), tempfile.TemporaryDirectory() as folder:
                self.assertEqual(support.run("dpkg-deb", "--field", package(architecture), "Architecture").strip(),
                                 architecture)  # fmt: skip
                support.run("dpkg-deb", "--extract", package(architecture), folder)
                archive = DIST / f"latchhook-{VERSION}-{name}-linux.tar.gz"
                support.run("tar", "-xzf", archive, "-C", folder)
                released = pathlib.Path(folder, f"latchhook-{VERSION}-{name}-linux", "latchhook").read_bytes()
                self.assertTrue(pathlib.Path(folder, "usr/bin/latchhook").read_bytes() == released)

    def test_the_same_program_makes_the_same_bytes(self):
        with tempfile.TemporaryDirectory() as folder:
            environment = os.environ | {"LATCHHOOK_DIST_DIR": folder}
            support.run(PACKAGING / "debian" / "build", "x86_64", env=environment)
            [again] = pathlib.Path(folder).iterdir()
            self.assertTrue(again.read_bytes() == package().read_bytes())

    def test_papers_that_the_unit_and_the_configuration_name_are_there(self):
        with tempfile.TemporaryDirectory() as folder:
            support.run("dpkg-deb", "--extract", package(), folder)
            texts = UNIT.read_text() + pathlib.Path(folder, CONFIG).read_text()
            papers = set(re.findall(r"/(usr/share/doc/latchhook/[\w./-]+\.md)", texts))
            self.assertEqual(len(papers), 2)
            self.assertEqual({paper for paper in papers if not pathlib.Path(folder, paper).is_file()}, set())

    def test_the_unit_exposes_little(self):
        support.run("systemd-analyze", "security", "--offline=yes", f"--threshold={EXPOSURE}", "--no-pager", UNIT)


class Calls(unittest.TestCase):
    """What the unit lets the server do."""

    def test_every_system_call_of_a_server_at_work_is_let_through(self):
        """The demo listens, delivers, retries, writes and ends: seen by strace."""
        with tempfile.TemporaryDirectory() as folder:
            seen = pathlib.Path(folder, "calls")
            command = [os.environ["LATCHHOOK_BIN"], "demo", "--exit", "--listen", "127.0.0.1:0"]
            os.chown(folder, NOBODY, NOBODY)
            # As nobody in particular: SQLite does more for root.
            support.run("strace", "--follow-forks", "--quiet=all", "--signal=none", "--output", seen, *command,
                        env={"TMPDIR": folder, "PATH": os.environ["PATH"]}, user=NOBODY, group=NOBODY)  # fmt: skip
            called = set(re.findall(r"^\d+ +(\w+)\(", seen.read_text(), re.MULTILINE))
        allowed = self.calls("@system-service") - self.calls("@privileged") - self.calls("@resources")
        # Before it is the unit's process: systemd itself starts it.
        self.assertEqual(called - allowed - {"execve"}, set())

    def calls(self, group):
        """The system calls of a group of systemd's, and of the groups in it."""
        listed = support.run("systemd-analyze", "syscall-filter", "--no-pager", group).splitlines()
        names = [line.strip() for line in listed if re.match(r"^ +[@\w]", line)]
        found = set()
        for name in names:
            found |= self.calls(name) if name.startswith("@") else {name}
        return found


class Installed(unittest.TestCase):
    """The package in a minimal Debian, over which each test has a layer of its own."""

    def setUp(self):
        folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))
        for name in ["changed", "work", "debian"]:
            (folder / name).mkdir()
        self.root = folder / "debian"
        layers = f"lowerdir={os.environ['LATCHHOOK_DEBIAN']},upperdir={folder}/changed,workdir={folder}/work"
        support.run("mount", "-t", "overlay", "overlay", "-o", layers, self.root)
        self.addCleanup(support.run, "umount", self.root)
        # dpkg keeps its promises to a disk; this one is thrown away.
        (self.root / "etc/dpkg/dpkg.cfg.d/unsafe").write_text("force-unsafe-io\n")
        shutil.copy(package(), self.root)

    def inside(self, *command, user="root"):
        """Output of a command in that Debian."""
        environment = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "DEBIAN_FRONTEND": "noninteractive"}
        return support.run("chroot", f"--userspec={user}:", self.root, *command, env=environment)

    def install(self):
        """Installs the package; what is said."""
        return self.inside("dpkg", "--install", f"/{package().name}")

    def install_later(self):
        """Upgrades to the same of a later version, whose configuration has another line."""
        with tempfile.TemporaryDirectory() as folder:
            support.run("dpkg-deb", "--raw-extract", package(), folder)
            control = pathlib.Path(folder, "DEBIAN", "control")
            control.write_text(re.sub(r"(?m)^Version: .*", f"Version: {LATER}", control.read_text()))
            with pathlib.Path(folder, CONFIG).open("a") as config:
                config.write("\n# A later line.\n")
            support.run("dpkg-deb", "--root-owner-group", "-Znone", "--build", folder, self.root / "later.deb")
        self.inside("dpkg", "--force-confold", "--install", "/later.deb")

    def mode(self, path):
        """Owner and mode of a file in that Debian."""
        found = (self.root / path).stat()
        names = dict(re.findall(r"(?m)^(\w[\w-]*):x?:(\d+)", (self.root / "etc/passwd").read_text()))
        owners = {int(number): name for name, number in names.items()}
        return owners[found.st_uid], oct(stat.S_IMODE(found.st_mode))

    def command(self):
        """Command that starts the server as the unit does."""
        [command] = re.findall(r"(?m)^ExecStart=(.*)", UNIT.read_text())
        return ["chroot", "--userspec=latchhook:latchhook", self.root, *command.split()]

    def serve(self):
        """A server as the unit starts it."""
        port = support.free_port()
        environment = {"LATCHHOOK_LISTEN": f"127.0.0.1:{port}", "LATCHHOOK_OPERATOR_TOKEN": support.TOKEN}
        return support.serving(*self.command(), env={**environment, "PATH": os.environ["PATH"]})

    def accounts(self, name=None):
        """Names of the accounts, of which `name` is made first."""
        with self.serve() as server:
            connection = ["--url", server.url, "--token", support.TOKEN, "--json"]
            if name:
                self.inside("latchhook", "accounts", "create", name, *connection)
            listed = self.inside("latchhook", "accounts", "list", *connection)
        return [json.loads(line)["name"] for line in listed.splitlines()]

    def test_it_makes_a_user_and_its_directories_and_starts_nothing(self):
        said = self.install()
        self.assertIn("operator-token rotate", said)
        passwd = (self.root / "etc/passwd").read_text()
        self.assertRegex(passwd, r"(?m)^latchhook:x:\d+:\d+::?.*:/var/lib/latchhook:/usr/sbin/nologin$")
        self.assertEqual(self.mode("var/lib/latchhook"), ("latchhook", "0o700"))
        self.assertEqual(self.mode("etc/latchhook/secrets.env"), ("root", "0o600"))
        self.assertEqual(self.mode(CONFIG), ("root", "0o644"))
        wanted = self.root / "etc/systemd/system/multi-user.target.wants/latchhook.service"
        self.assertFalse(wanted.is_symlink())
        unit = next(self.root.glob("**/systemd/system/latchhook.service"))
        self.assertEqual(unit.read_text(), UNIT.read_text())

    def test_what_it_says_to_do_first_prints_a_token_that_works(self):
        self.install()
        token = self.inside("latchhook", "operator-token", "rotate", "--data-dir", "/var/lib/latchhook",
                            user="latchhook").strip()  # fmt: skip
        environment = {"PATH": os.environ["PATH"]}
        with support.serving(*self.command(), "--listen", "127.0.0.1:0", env=environment) as server:
            self.assertEqual(support.ask(f"{server.url}/v1/accounts", token=token)[0], 200)
            self.assertNotIn("lhop_", server.said)

    def test_every_setting_that_the_configuration_shows_is_one(self):
        self.install()
        config = self.root / CONFIG
        config.write_text(re.sub(r"(?m)^#(?=\w+ = )", "", config.read_text()))
        self.assertEqual(self.accounts("Ada"), ["Ada"])

    def test_a_server_that_ends_because_its_configuration_is_wrong_is_not_started_again(self):
        self.install()
        with (self.root / CONFIG).open("a") as config:
            config.write('\nlog_retention = "soon"\n')
        environment = {"PATH": os.environ["PATH"]}
        done = subprocess.run(self.command(), env=environment, capture_output=True, text=True, check=False,
                              timeout=support.PATIENCE)  # fmt: skip
        self.assertIn("log_retention", done.stderr)
        self.assertIn(f"\nRestartPreventExitStatus={done.returncode}\n", UNIT.read_text())

    def test_an_upgrade_keeps_the_data_and_a_configuration_that_was_changed(self):
        self.install()
        self.assertEqual(self.accounts("Ada"), ["Ada"])
        with (self.root / CONFIG).open("a") as config:
            config.write('\nlog_retention = "7d"\n')
        self.install_later()
        self.assertIn(LATER, self.inside("dpkg-query", "--show", "latchhook"))
        self.assertIn('log_retention = "7d"', (self.root / CONFIG).read_text())
        self.assertEqual(self.accounts("Grace"), ["Grace", "Ada"])

    def test_an_upgrade_brings_a_configuration_that_was_not_changed(self):
        self.install()
        self.install_later()
        self.assertIn("# A later line.", (self.root / CONFIG).read_text())

    def test_removal_keeps_what_is_yours_and_purge_takes_all(self):
        self.install()
        self.accounts("Ada")
        self.inside("dpkg", "--remove", "latchhook")
        self.assertFalse((self.root / "usr/bin/latchhook").exists())
        self.assertTrue((self.root / "var/lib/latchhook/latchhook.db").exists())
        self.assertTrue((self.root / CONFIG).exists())
        self.install()
        self.assertEqual(self.accounts(), ["Ada"])
        self.inside("dpkg", "--purge", "latchhook")
        for gone in ["var/lib/latchhook", "etc/latchhook"]:
            self.assertFalse((self.root / gone).exists(), gone)
        self.assertNotIn("latchhook", (self.root / "etc/passwd").read_text())
        left = [path for path in self.root.rglob("*latchhook*") if "/info/" not in str(path)]
        self.assertEqual([path.name for path in left], [package().name])


if __name__ == "__main__":
    unittest.main()
