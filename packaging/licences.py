"""Prints the licences of everything that is linked into the program, each text once under the names it is of.

    licences.py TARGET SYSROOT [ZIG]

Cargo says which crates those are for a target; their texts are in their sources. Two libraries come with the
tools: Rust's standard library, and, where Zig links, musl, of which it has the sources.
"""

import json
import pathlib
import re
import subprocess
import sys

NAMES = re.compile(r"(?i)^(licen[cs]e|copying|copyright|notice|unlicense)")
TEXTS = {"", ".md", ".txt", ".apache", ".mit", ".bsd"}
ROOT = pathlib.Path(__file__).parent.parent


def cargo(*arguments):
    """Output of Cargo."""
    command = ["cargo", *arguments, "--locked"]
    return subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True).stdout


def linked(target):
    """Names with versions of what is linked, less our own crates: those have no registry."""
    tree = cargo(
        "tree", "--package", "latchhook", "--all-features", "--target", target,
        "--edges", "normal", "--no-dedupe", "--prefix", "none", "--format", "{p}",
    )  # fmt: skip
    lines = {line for line in tree.splitlines() if line and "(/" not in line}
    return sorted({tuple(line.split()[:2]) for line in lines if "(proc-macro)" not in line})


def texts(folder):
    """Licence texts in a folder and those below."""
    found = (path for path in folder.rglob("*") if NAMES.match(path.name) and path.suffix.lower() in TEXTS)
    return [path.read_text(errors="replace").strip() for path in sorted(found) if path.is_file()]


def main():
    """Prints all of it."""
    target, *folders = sys.argv[1:]
    packages = json.loads(cargo("metadata", "--format-version", "1", "--all-features"))["packages"]
    packages = {(one["name"], f"v{one['version']}"): one for one in packages}
    names, holders = [], {}
    for key in linked(target):
        package = packages[key]
        names.append(f"{key[0]} {key[1][1:]}: {package['license']}, {package['repository']}")
        for text in texts(pathlib.Path(package["manifest_path"]).parent):
            holders.setdefault(text, []).append(key[0])
    of_tools = [("Rust's standard library", "share/doc/rust/licenses/MIT.txt"), ("musl", "lib/libc/musl/COPYRIGHT")]
    # Without Zig there is no musl.
    for folder, (name, path) in zip(folders, of_tools, strict=False):
        names.append(f"{name}: MIT")
        holders.setdefault((pathlib.Path(folder) / path).read_text().strip(), []).append(name)
    print("latchhook is linked with:\n", *names, sep="\n")
    for text, whose in holders.items():
        print("", 80 * "-", ", ".join(dict.fromkeys(whose)), "", text, sep="\n")


if __name__ == "__main__":
    main()
