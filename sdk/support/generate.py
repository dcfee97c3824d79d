"""Generates both clients from the OpenAPI document that a server gives out."""

import filecmp
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile
import urllib.request

SUPPORT = pathlib.Path(__file__).resolve().parent
SDK = SUPPORT.parent
sys.path.insert(0, str(SDK.parent / "tests" / "fuzz"))
import server  # noqa: E402

PYTHON = SDK / "python" / "src" / "latchhook" / "generated"
TYPESCRIPT = SDK / "typescript" / "src" / "generated" / "api.ts"


def main():
    with (
        server.running() as latchhook,
        urllib.request.urlopen(latchhook.url + "/openapi.json") as answer,
    ):
        document = reduced(json.load(answer))
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        (folder / "openapi.json").write_text(json.dumps(document), encoding="utf-8")
        python(folder)
        typescript(folder)
        if "--check" in sys.argv:
            check(folder)
        else:
            write(folder)


def reduced(document):
    """Leaves out what no client needs: errors, which the libraries raise by their `code` whatever the
    route, bodies as forms, and defaults, which are the server's to fill in: some servers refuse a
    field that others have a default for."""
    for operation in operations(document):
        responses = operation["responses"]
        operation["responses"] = {status: responses[status] for status in responses if status < "3"}
        body = operation.get("requestBody", {}).get("content", {})
        body.pop("application/x-www-form-urlencoded", None)
    return without_defaults(document)


def without_defaults(value):
    if isinstance(value, list):
        return [without_defaults(of) for of in value]
    if not isinstance(value, dict):
        return value
    is_schema = isinstance(value.get("type"), (str, list)) or "oneOf" in value
    kept = {name: of for name, of in value.items() if not (is_schema and name == "default")}
    return {name: without_defaults(of) for name, of in kept.items()}


def operations(document):
    for path in document["paths"].values():
        for method, operation in path.items():
            if method in ("get", "post", "put", "patch", "delete"):
                yield operation


def python(folder):
    target = folder / "python"
    run(
        "openapi-python-client",
        "generate",
        "--meta",
        "none",
        "--fail-on-warning",
        "--path",
        folder / "openapi.json",
        "--output-path",
        target,
        "--config",
        SUPPORT / "python.yml",
        "--custom-template-path",
        SUPPORT / "templates",
    )
    # Errors are the library's own.
    (target / "errors.py").unlink()
    for cache in target.rglob("*_cache"):
        shutil.rmtree(cache)


def typescript(folder):
    run(
        "openapi-typescript",
        folder / "openapi.json",
        "--output",
        folder / "api.ts",
        "--empty-objects-unknown",
    )


def run(*command):
    done = subprocess.run(
        [str(part) for part in command],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    if done.returncode:
        sys.exit(f"{command[0]}:\n{done.stdout}")


def write(folder):
    shutil.rmtree(PYTHON, ignore_errors=True)
    shutil.copytree(folder / "python", PYTHON)
    TYPESCRIPT.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(folder / "api.ts", TYPESCRIPT)


def check(folder):
    pairs = [(folder / "api.ts", TYPESCRIPT)]
    ours, theirs = sources(PYTHON), sources(folder / "python")
    pairs += [(folder / "python" / name, PYTHON / name) for name in ours | theirs]
    differ = [str(kept.relative_to(SDK)) for made, kept in pairs if not same(made, kept)]
    if differ:
        named = "\n  ".join(sorted(differ))
        sys.exit(f"run sdk/generate: the server's document makes these otherwise:\n  {named}")
    print(f"{len(pairs)} generated files are what the server's document makes")


def sources(folder):
    return {path.relative_to(folder) for path in folder.rglob("*.py")}


def same(made, kept):
    return made.is_file() and kept.is_file() and filecmp.cmp(made, kept, shallow=False)


main()
