"""install.sh, against a server of ours with the files of a release."""

import contextlib
import functools
import http.server
import os
import pathlib
import shutil
import subprocess
import tempfile
import threading
import unittest

import support
from support import DIST, PACKAGING, VERSION

ARCHIVE = f"latchhook-{VERSION}-x86_64-linux.tar.gz"


@contextlib.contextmanager
def releases(folder):
    """Serves the files of a folder; yields the address."""

    class Handler(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_):
            pass

    handler = functools.partial(Handler, directory=folder)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


class Install(unittest.TestCase):
    """Runs the published script with dash, which is what `sh` is on Debian."""

    def setUp(self):
        self.folder = self.enterContext(tempfile.TemporaryDirectory())
        self.installed = pathlib.Path(self.folder, "prefix", "bin", "latchhook")

    def environment(self, release, **more):
        """What the script is run with: its own prefix."""
        variables = {"LATCHHOOK_PREFIX": f"{self.folder}/prefix", "PATH": os.environ["PATH"], "HOME": self.folder}
        return variables | ({"LATCHHOOK_RELEASE": release} if release else {}) | more

    def install(self, release, **more):
        """What a successful installation says."""
        return support.run("sh", DIST / "install.sh", env=self.environment(release, **more))

    def refusal(self, release, script=DIST / "install.sh", **more):
        """What a failed installation says; it leaves nothing behind."""
        said = support.refused("sh", script, env=self.environment(release, **more))
        self.assertFalse(self.installed.exists(), said)
        return said

    def machine(self, system, processor):
        """A PATH on whose machine `uname` says so."""
        path = self.tools("uname")
        uname = pathlib.Path(path, "uname")
        uname.write_text(f'#!/bin/sh\n[ "$1" = -m ] && echo {processor} || echo {system}\n')
        uname.chmod(0o755)
        return path

    def tools(self, *without):
        """A PATH that lacks some commands."""
        folder = pathlib.Path(tempfile.mkdtemp(dir=self.folder))
        for directory in ["/usr/bin", "/bin"]:
            for command in pathlib.Path(directory).iterdir():
                if command.name not in without and not (folder / command.name).exists():
                    (folder / command.name).symlink_to(command)
        return str(folder)

    def test_it_installs_what_was_released(self):
        with releases(DIST) as address:
            said = self.install(address)
        self.assertIn(f"latchhook {VERSION} is at {self.installed}", said)
        self.assertIn("is not in PATH", said)
        self.assertEqual(self.installed.stat().st_mode & 0o777, 0o755)
        self.assertEqual(support.run(self.installed, "--version"), f"latchhook {VERSION}\n")

    def test_a_folder_of_this_machine_is_installed_from_by_its_path(self):
        said = self.install(str(DIST))
        self.assertIn(f"latchhook {VERSION} is at {self.installed}", said)

    def test_a_program_that_runs_is_replaced(self):
        with releases(DIST) as address:
            self.install(address)
            command = [self.installed, "listen", "--port", "0"]
            with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as running:
                self.assertIn(b"127.0.0.1", running.stdout.readline())
                self.install(address)
                self.assertIsNone(running.poll())
                running.terminate()
        self.assertEqual(os.listdir(self.installed.parent), ["latchhook"])

    def test_an_archive_that_is_not_what_was_released_is_refused(self):
        with tempfile.TemporaryDirectory() as changed:
            copied = shutil.copy(DIST / ARCHIVE, changed)
            with open(copied, "ab") as file:
                file.write(b"\0")
            with releases(changed) as address:
                self.assertIn("is not what was released", self.refusal(address))

    def test_a_missing_archive_and_plain_http_are_refused(self):
        with tempfile.TemporaryDirectory() as empty, releases(empty) as address:
            self.assertIn("could not be fetched", self.refusal(address))
        self.assertIn("could not be read", self.refusal(f"{self.folder}/nothing"))
        for address in ["http://example.com/release", "dist"]:
            self.assertIn("is neither an https:// address", self.refusal(address))

    def test_it_works_with_wget_and_openssl_alone(self):
        with releases(DIST) as address:
            self.install(address, PATH=self.tools("curl", "sha256sum", "shasum"))

    def test_without_a_tool_to_fetch_or_to_check_it_says_so(self):
        for lacking in [["curl", "wget"], ["sha256sum", "shasum", "openssl"]]:
            with self.subTest(lacking), releases(DIST) as address:
                said = self.refusal(address, PATH=self.tools(*lacking))
                self.assertIn(f"neither {lacking[0]}", said)
                self.assertEqual(len(said.splitlines()), 1, said)

    def test_every_machine_is_told_apart_by_what_uname_says(self):
        for system, processor, machine in [
            ("Darwin", "arm64", "aarch64-macos"), ("Darwin", "x86_64", "x86_64-macos"),
            ("FreeBSD", "amd64", "x86_64-freebsd"), ("Linux", "riscv64", "riscv64-linux"),
        ]:  # fmt: skip
            with self.subTest(machine), releases(DIST) as address:
                said = self.refusal(address, PATH=self.machine(system, processor))
                self.assertIn(f"has no program for {machine}", said)

    def test_an_archive_for_another_system_is_installed_there(self):
        folder = pathlib.Path(self.folder, "macos")
        name = f"latchhook-{VERSION}-aarch64-macos"
        (folder / name).mkdir(parents=True)
        (folder / name / "latchhook").write_text("#!/bin/sh\necho of a Mac\n")
        support.run("tar", "-czf", folder / f"{name}.tar.gz", "-C", folder, name)
        [listed] = support.run("sha256sum", f"{name}.tar.gz", cwd=folder).splitlines()
        script = folder / "install.sh"
        text = (PACKAGING / "install.sh").read_text()
        script.write_text(text.replace("@CHECKSUMS@", f"{64 * '0'}  {ARCHIVE}\n{listed}"))
        path = self.machine("Darwin", "arm64")
        said = support.run("sh", script, env=self.environment(str(folder), PATH=path))
        self.assertIn("of a Mac is at", said)

    def test_the_copy_of_the_repository_installs_nothing(self):
        self.assertIn("not of a release", self.refusal(None, PACKAGING / "install.sh"))

    def test_half_a_script_does_nothing(self):
        text = (DIST / "install.sh").read_text()
        half = pathlib.Path(self.folder, "half.sh")
        half.write_text(text[: text.rindex("main")])
        self.assertEqual(support.run("sh", half, env=self.environment(None)), "")
        self.assertFalse(self.installed.exists())


if __name__ == "__main__":
    unittest.main()
