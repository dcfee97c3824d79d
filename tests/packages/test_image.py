"""The OCI image: read by tools that others wrote, and run as a runtime would, without a daemon."""

import json
import os
import pathlib
import shutil
import stat
import tempfile
import unittest

import support
from support import DEBIAN_NAMES, DIST, NOBODY, PACKAGING, VERSION

# Mounts what a runtime mounts: the root can't be written to, and there is no network.
MOUNTS = """
set -eu
root=$1 volume=$2
shift 2
mkdir -p "$root/proc"
mount --bind "$root" "$root"
mount --bind "$volume" "$root/data"
mount -t proc proc "$root/proc"
mount -o remount,bind,ro "$root"
ip link set lo up
exec "$@"
"""


def archive(architecture):
    """The image as `skopeo` names it."""
    return f"oci-archive:{DIST}/latchhook-{VERSION}-image-{DEBIAN_NAMES[architecture]}.tar:{VERSION}"


class Image(unittest.TestCase):
    """Both images as data."""

    def config(self, architecture):
        """The image's configuration, as Docker stores it."""
        return json.loads(support.run("skopeo", "inspect", "--config", "--raw", archive(architecture)))

    def test_each_says_for_what_it_is_and_what_it_is(self):
        for architecture in DEBIAN_NAMES:
            with self.subTest(architecture):
                image = self.config(architecture)
                self.assertEqual((image["architecture"], image["os"]), (architecture, "linux"))
                labels = image["config"]["Labels"]
                self.assertEqual(labels["org.opencontainers.image.version"], VERSION)
                self.assertEqual(labels["org.opencontainers.image.licenses"], "Apache-2.0")
                self.assertTrue(labels["org.opencontainers.image.revision"])

    def test_each_is_run_as_its_own_user_with_a_volume_and_a_health_check(self):
        for architecture in DEBIAN_NAMES:
            with self.subTest(architecture):
                config = self.config(architecture)["config"]
                self.assertEqual(config["User"], f"{NOBODY}:{NOBODY}")
                self.assertEqual(config["Volumes"], {"/data": {}})
                self.assertEqual(config["ExposedPorts"], {"8080/tcp": {}})
                self.assertEqual(config["Healthcheck"]["Test"], ["CMD", "/latchhook", "health"])
                self.assertEqual((config["Entrypoint"], config["Cmd"]), (["/latchhook"], ["serve"]))

    def test_docker_can_load_what_it_becomes(self):
        with tempfile.TemporaryDirectory() as folder:
            docker = f"docker-archive:{folder}/image.tar:latchhook:{VERSION}"
            support.run("skopeo", "--insecure-policy", "copy", "--quiet", archive("amd64"), docker)
            config = json.loads(support.run("skopeo", "inspect", "--config", "--raw", docker))
            self.assertEqual(config["config"]["Healthcheck"]["Test"], ["CMD", "/latchhook", "health"])

    def test_the_same_program_makes_the_same_bytes(self):
        with tempfile.TemporaryDirectory() as folder:
            environment = os.environ | {"LATCHHOOK_DIST_DIR": folder}
            support.run(PACKAGING / "image" / "build", "x86_64", env=environment)
            [again] = pathlib.Path(folder).iterdir()
            self.assertTrue(again.read_bytes() == (DIST / again.name).read_bytes())


class Container(unittest.TestCase):
    """The image for this processor, unpacked by umoci."""

    @classmethod
    def setUpClass(cls):
        folder = pathlib.Path(cls.enterClassContext(tempfile.TemporaryDirectory()))
        layout = f"{folder}/layout:{VERSION}"
        support.run("skopeo", "--insecure-policy", "copy", "--quiet", archive("amd64"), f"oci:{layout}")
        support.run("umoci", "unpack", "--image", layout, folder / "bundle")
        folder.chmod(0o755)
        cls.root = folder / "bundle" / "rootfs"
        cls.process = json.loads((folder / "bundle" / "config.json").read_text())["process"]

    def setUp(self):
        # A new volume of Docker's: what the image has in that place, owner and mode included.
        self.volume = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))
        self.volume.parent.chmod(self.volume.parent.stat().st_mode | 0o011)
        place = (self.root / "data").stat()
        os.chown(self.volume, place.st_uid, place.st_gid)
        self.volume.chmod(stat.S_IMODE(place.st_mode))

    def program(self, *arguments):
        """Command that runs the program in the unpacked image, as its user and with its environment."""
        user = f"{self.process['user']['uid']}:{self.process['user']['gid']}"
        chroot = [shutil.which("chroot"), f"--userspec={user}", self.root, "/latchhook", *arguments]
        return ["env", "-i", *self.process["env"], shutil.which("setpriv"), "--no-new-privs", *chroot]

    def container(self, *arguments):
        """Command that does so in a container of its own."""
        inside = ["sh", "-c", MOUNTS, "sh", self.root, self.volume, *self.program(*arguments)]
        return ["unshare", "--mount", "--net", *inside]

    def test_it_has_the_program_certificates_and_nothing_to_run_beside(self):
        files = {str(path.relative_to(self.root)) for path in self.root.rglob("*") if path.is_file()}
        self.assertEqual(files, {
            "latchhook", "etc/passwd", "etc/group", "etc/ssl/certs/ca-certificates.crt",
            "usr/share/doc/latchhook/LICENSE", "usr/share/doc/latchhook/THIRD-PARTY.txt",
        })  # fmt: skip
        executable = [path for path in self.root.rglob("*") if path.is_file() and path.stat().st_mode & 0o111]
        self.assertEqual(executable, [self.root / "latchhook"])
        certificates = (self.root / "etc/ssl/certs/ca-certificates.crt").read_text()
        self.assertGreater(certificates.count("BEGIN CERTIFICATE"), 100)

    def test_it_runs_the_demo_where_nothing_can_be_written_but_the_volume(self):
        said = support.run(*self.container("demo", "--exit"))
        self.assertIn("Its data is in /data/", said)

    def test_it_serves_from_the_volume_as_its_user_and_is_healthy(self):
        with support.serving(*self.container("serve")) as server:
            enter = ["nsenter", "--mount", "--net", "--target", server.process.pid]
            self.assertIn("ok", support.run(*enter, *self.program("health")))
        directory = self.volume / "latchhook"
        self.assertEqual((directory.stat().st_uid, directory.stat().st_mode & 0o777), (NOBODY, 0o700))
        self.assertTrue((directory / "latchhook.db").exists())

    def test_without_a_server_it_is_not_healthy(self):
        self.assertIn("can't be reached", support.refused(*self.container("health")))


if __name__ == "__main__":
    unittest.main()
