"""Writes an OCI image of one layer: what is in a folder, configured as the last stage of a Dockerfile says.

Tools that need no daemon either (umoci, buildah) have no place for a health check, or for the time of
everything, in what they write; the format is a tar and four JSON documents.
https://github.com/opencontainers/image-spec
"""

import argparse
import datetime
import gzip
import hashlib
import io
import json
import pathlib
import re
import shlex
import tarfile

VOLUME_OWNER = 65532
NANOSECONDS = {"s": 1_000_000_000, "m": 60_000_000_000}


def instructions(dockerfile):
    """The instructions of the last stage, each with the text behind it."""
    joined = re.sub(r"^\s*#.*\n", "", dockerfile, flags=re.MULTILINE).replace("\\\n", " ")
    lines = [line.strip().partition(" ") for line in joined.splitlines() if line.strip()]
    first = max(at for at, (word, _, _) in enumerate(lines) if word == "FROM")
    return [(word, rest.strip()) for word, _, rest in lines[first:]]


def duration(text):
    """Nanoseconds of a duration such as 10s."""
    return int(text[:-1]) * NANOSECONDS[text[-1]]


def health_check(rest):
    """The health check as Docker stores it."""
    flags, command = rest.split(" CMD ")
    said = dict(flag.removeprefix("--").split("=") for flag in flags.split())
    return {
        "Test": ["CMD", *json.loads(command)],
        "Interval": duration(said["interval"]),
        "Timeout": duration(said["timeout"]),
        "StartPeriod": duration(said["start-period"]),
        "Retries": int(said["retries"]),
    }


def config(dockerfile):
    """What the image runs, and how."""
    made = {"Env": [], "Labels": {}}
    for word, rest in instructions(dockerfile):
        match word:
            case "FROM" | "COPY":
                pass
            case "ENV":
                made["Env"] += shlex.split(rest)
            case "LABEL":
                made["Labels"] |= dict(pair.split("=", 1) for pair in shlex.split(rest))
            case "USER":
                made["User"] = rest
            case "WORKDIR":
                made["WorkingDir"] = rest
            case "STOPSIGNAL":
                made["StopSignal"] = rest
            case "EXPOSE":
                made["ExposedPorts"] = {f"{port}/tcp": {} for port in rest.split()}
            case "VOLUME":
                made["Volumes"] = {path: {} for path in json.loads(rest)}
            case "ENTRYPOINT":
                made["Entrypoint"] = json.loads(rest)
            case "CMD":
                made["Cmd"] = json.loads(rest)
            case "HEALTHCHECK":
                made["Healthcheck"] = health_check(rest)
            case other:
                raise SystemExit(f"Dockerfile: {other} is not known here")
    return made


def layer(root, time):
    """A tar of the folder, whose owners and times are fixed."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        for path in sorted(root.rglob("*")):
            member = tar.gettarinfo(path, str(path.relative_to(root)))
            member.mtime, member.uname, member.gname = time, "", ""
            member.uid = member.gid = VOLUME_OWNER if member.name == "data" else 0
            if member.isfile():
                with path.open("rb") as content:
                    tar.addfile(member, content)
            else:
                tar.addfile(member)
    return packed.getvalue()


class Layout:
    """A folder in the form of an OCI image layout."""

    def __init__(self, folder):
        self.folder = folder
        self.blobs = folder / "blobs" / "sha256"
        self.blobs.mkdir(parents=True)
        self.document("oci-layout", {"imageLayoutVersion": "1.0.0"})

    def document(self, name, value):
        """A JSON document by name."""
        (self.folder / name).write_text(json.dumps(value, sort_keys=True))

    def blob(self, kind, content):
        """Content by its digest; the descriptor of it."""
        digest = hashlib.sha256(content).hexdigest()
        (self.blobs / digest).write_bytes(content)
        media_type = f"application/vnd.oci.image.{kind}"
        return {"mediaType": media_type, "digest": f"sha256:{digest}", "size": len(content)}

    def json_blob(self, kind, value):
        """A JSON document by its digest; the descriptor of it."""
        return self.blob(f"{kind}+json", json.dumps(value, sort_keys=True).encode())


def write(arguments):
    """The whole image."""
    at = datetime.datetime.fromtimestamp(arguments.time, datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    configured = config(arguments.dockerfile.read_text())
    labels = {"version": arguments.version, "revision": arguments.revision, "created": at}
    configured["Labels"] |= {f"org.opencontainers.image.{name}": text for name, text in labels.items() if text}
    files = layer(arguments.root, arguments.time)
    platform = {"architecture": arguments.architecture, "os": "linux"}

    layout = Layout(arguments.layout)
    packed = layout.blob("layer.v1.tar+gzip", gzip.compress(files, mtime=0))
    described = layout.json_blob("config.v1", platform | {
        "created": at,
        "config": configured,
        "rootfs": {"type": "layers", "diff_ids": [f"sha256:{hashlib.sha256(files).hexdigest()}"]},
        "history": [{"created": at, "created_by": "packaging/image/build"}],
    })  # fmt: skip
    manifest = layout.json_blob("manifest.v1", {
        "schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json",
        "config": described, "layers": [packed], "annotations": configured["Labels"],
    })  # fmt: skip
    names = {
        "org.opencontainers.image.ref.name": arguments.version,
        "io.containerd.image.name": f"docker.io/library/latchhook:{arguments.version}",
    }
    layout.document("index.json", {
        "schemaVersion": 2, "mediaType": "application/vnd.oci.image.index.v1+json",
        "manifests": [manifest | {"platform": platform, "annotations": names}],
    })  # fmt: skip


def main():
    """Reads the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ["root", "dockerfile", "layout"]:
        parser.add_argument(f"--{name}", type=pathlib.Path, required=True)
    for name in ["architecture", "version", "revision"]:
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--time", type=int, required=True)
    write(parser.parse_args())


if __name__ == "__main__":
    main()
