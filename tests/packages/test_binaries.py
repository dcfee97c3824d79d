"""The program as it is released: static, for both processors, and the same from any folder."""

import os
import pathlib
import struct
import tarfile
import tempfile
import unittest

import support
from support import DIST, MADE_FOR, ROOT, VERSION

MACHINES = {"x86_64": 62, "aarch64": 183}
MACHINES = {name: machine for name, machine in MACHINES.items() if name in MADE_FOR}
# Programs that run one for another processor.
RUNNERS = {"x86_64": [], "aarch64": [os.environ["LATCHHOOK_QEMU"]]}
PT_INTERP = 3
LARGEST = 80_000_000


def archive(architecture):
    """Path of the released archive."""
    return DIST / f"latchhook-{VERSION}-{architecture}-linux.tar.gz"


def program(architecture, folder):
    """The program of the released archive, unpacked into a folder."""
    with tarfile.open(archive(architecture)) as tar:
        tar.extractall(folder, filter="data")
    return pathlib.Path(folder, f"latchhook-{VERSION}-{architecture}-linux", "latchhook")


def segments(binary):
    """Types of the segments that the program is loaded from."""
    offset, size, count = struct.unpack_from("<Q", binary, 32)[0], *struct.unpack_from("<HH", binary, 54)
    return [struct.unpack_from("<I", binary, offset + at * size)[0] for at in range(count)]


class Binaries(unittest.TestCase):
    """Each released program."""

    def test_each_is_for_its_processor_and_needs_no_library(self):
        for architecture, machine in MACHINES.items():
            with self.subTest(architecture), tempfile.TemporaryDirectory() as folder:
                binary = program(architecture, folder).read_bytes()
                self.assertEqual(binary[:4], b"\x7fELF")
                self.assertEqual(struct.unpack_from("<H", binary, 18)[0], machine)
                self.assertNotIn(PT_INTERP, segments(binary), "it asks for a dynamic linker")
                self.assertLess(len(binary), LARGEST)

    def test_none_names_a_folder_of_the_machine_that_built_it(self):
        folders = [str(ROOT), os.environ["CARGO_TARGET_DIR"], str(pathlib.Path.home())]
        for architecture in MACHINES:
            with self.subTest(architecture), tempfile.TemporaryDirectory() as folder:
                binary = program(architecture, folder).read_bytes()
                # With what ends a folder's name: `/root` begins `notifications/roots` of the protocol for agents.
                found = [name for name in folders if f"{name}/".encode() in binary]
                self.assertEqual(found, [])

    def test_each_runs_the_demo(self):
        for architecture in MACHINES:
            with self.subTest(architecture), tempfile.TemporaryDirectory() as folder:
                command = [*RUNNERS[architecture], program(architecture, folder)]
                self.assertEqual(support.run(*command, "--version", env={}), f"latchhook {VERSION}\n")
                support.run(*command, "demo", "--exit", "--listen", "127.0.0.1:0", env={"TMPDIR": folder})
                # It is built with what is left out by default, too.
                help = support.run(*command, "redrive", "--help", env={})
                self.assertIn("dead-letter", help)

    def test_a_build_in_another_folder_has_the_same_bytes(self):
        other = pathlib.Path(os.environ["LATCHHOOK_OTHER_BUILD"])
        with tempfile.TemporaryDirectory() as folder:
            # Not as a whole in the message: they are large.
            self.assertTrue(program("x86_64", folder).read_bytes() == other.read_bytes())


class Archives(unittest.TestCase):
    """What is around the program."""

    def test_an_archive_has_one_folder_whose_files_are_of_nobody_and_of_one_time(self):
        for architecture in MACHINES:
            with self.subTest(architecture), tarfile.open(archive(architecture)) as tar:
                members = tar.getmembers()
                names = {pathlib.PurePath(member.name).name for member in members if member.isfile()}
                self.assertEqual(names, {
                    "latchhook", "LICENSE", "THIRD-PARTY.txt", "README.md", "SECURITY.md", "CHANGELOG.md",
                })  # fmt: skip
                self.assertEqual({(member.uid, member.gid) for member in members}, {(0, 0)})
                self.assertEqual(len({member.mtime for member in members}), 1)
                self.assertEqual(len({pathlib.PurePath(member.name).parts[0] for member in members}), 1)

    def test_the_licences_of_everything_that_is_linked_are_in_it(self):
        for architecture in MACHINES:
            with self.subTest(architecture), tempfile.TemporaryDirectory() as folder:
                text = (program(architecture, folder).parent / "THIRD-PARTY.txt").read_text()
                listed, *texts = text.split("\n" + 80 * "-" + "\n")
                for name in ["ring 0", "libsqlite3-sys", "mimalloc", "tokio", "musl: MIT", "Rust's standard library"]:
                    self.assertIn(f"\n{name}", listed)
                self.assertGreater(len(texts), 100)
                self.assertNotIn(str(pathlib.Path.home()), text)

    def test_the_checksums_are_those_of_every_other_file(self):
        support.run("sha256sum", "--check", "--strict", "SHA256SUMS", cwd=DIST)
        listed = {line.split()[1] for line in (DIST / "SHA256SUMS").read_text().splitlines()}
        there = {path.name for path in DIST.iterdir() if path.is_file()} - {"SHA256SUMS"}
        self.assertEqual(listed, there)


if __name__ == "__main__":
    unittest.main()
