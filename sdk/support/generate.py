"""Generates the clients from the OpenAPI document that a server gives out."""

import filecmp
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import urllib.request

SUPPORT = pathlib.Path(__file__).resolve().parent
SDK = SUPPORT.parent
sys.path[:0] = [str(SUPPORT), str(SDK.parent / "tests" / "fuzz")]
import documents  # noqa: E402
import server  # noqa: E402


def main():
    with (
        server.running() as latchhook,
        urllib.request.urlopen(latchhook.url + "/openapi.json") as answer,
    ):
        document = documents.reduced(json.load(answer))
    with tempfile.TemporaryDirectory() as folder:
        made = [(generate(document, pathlib.Path(folder)), kept) for generate, kept in LANGUAGES]
        if "--check" in sys.argv:
            check(made)
        else:
            write(made)


def python(document, folder):
    target = folder / "python"
    run(
        "openapi-python-client",
        "generate",
        "--meta",
        "none",
        "--fail-on-warning",
        "--path",
        written(document, folder / "python.json"),
        "--output-path",
        target,
        "--config",
        SUPPORT / "python.yml",
        "--custom-template-path",
        SUPPORT / "templates" / "python",
    )
    # Errors are the library's own.
    (target / "errors.py").unlink()
    for cache in target.rglob("*_cache"):
        shutil.rmtree(cache)
    return target


def typescript(document, folder):
    target = folder / "typescript"
    run(
        "openapi-typescript",
        written(document, folder / "typescript.json"),
        "--output",
        target / "api.ts",
        "--empty-objects-unknown",
    )
    return target


def go(document, folder):
    target = folder / "go"
    target.mkdir()
    run(
        "oapi-codegen",
        "-config",
        SUPPORT / "go.yml",
        "-templates",
        SUPPORT / "templates" / "go",
        "-o",
        target / "api.gen.go",
        written(documents.for_go(document), folder / "go.json"),
    )
    return target


def java(document, folder):
    [generator] = pathlib.Path(os.environ["JARS"], "support").glob("openapi-generator-cli-*.jar")
    run(
        "java",
        "-jar",
        generator,
        "generate",
        "--config",
        SUPPORT / "java.yml",
        "--template-dir",
        SUPPORT / "templates" / "java",
        "--input-spec",
        written(documents.for_java(document), folder / "java.json"),
        "--output",
        folder / "java",
    )
    return folder / "java" / "src" / "main" / "java" / "latchhook" / "generated"


LANGUAGES = [
    (python, SDK / "python" / "src" / "latchhook" / "generated"),
    (typescript, SDK / "typescript" / "src" / "generated"),
    (go, SDK / "go" / "api"),
    (java, SDK / "java" / "src" / "main" / "java" / "latchhook" / "generated"),
]


def written(document, path):
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


def run(*command):
    done = subprocess.run(
        [str(part) for part in command],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    if done.returncode:
        sys.exit(f"{command[0]}:\n{done.stdout}")


def write(made):
    for folder, kept in made:
        shutil.rmtree(kept, ignore_errors=True)
        shutil.copytree(folder, kept)


def check(made):
    pairs = [
        (folder / name, kept / name)
        for folder, kept in made
        for name in files(folder) | files(kept)
    ]
    differ = [str(kept.relative_to(SDK)) for made, kept in pairs if not same(made, kept)]
    if differ:
        named = "\n  ".join(sorted(differ))
        sys.exit(f"run sdk/generate: the server's document makes these otherwise:\n  {named}")
    print(f"{len(pairs)} generated files are what the server's document makes")


def files(folder):
    paths = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder) for path in paths if path.parent.name != "__pycache__"}


def same(made, kept):
    return made.is_file() and kept.is_file() and filecmp.cmp(made, kept, shallow=False)


main()
