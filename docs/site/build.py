"""Lays out the chapters of the site and has mdBook build it.

    build.py MDBOOK FOLDER

Beside each page is its text, as PAGE.html.md, and llms.txt lists those (https://llmstxt.org).
"""

import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import urllib.request

import calls
import chapters
import commands
import routes

sys.path.insert(0, str(chapters.ROOT / "tests" / "fuzz"))
import server  # noqa: E402

DOCS = chapters.ROOT / "docs"
STYLE = "site.css"


def main(mdbook, site):
    settings = {
        "LATCHHOOK_ALLOW_NETWORKS": "127.0.0.0/8",
        "LATCHHOOK_PUBLIC_URL": "https://hooks.example.com",
    }
    with server.running(**settings) as latchhook:
        with urllib.request.urlopen(latchhook.url + "/openapi.json") as answer:
            document = json.load(answer)
        examples = calls.record(latchhook)
    generated = {"routes": routes.chapters(document, examples), "commands": commands.chapters()}
    pages, summary = chapters.read(generated)
    complete(pages)
    links = chapters.Links(pages, os.environ.get("LATCHHOOK_SOURCES_URL"))
    with tempfile.TemporaryDirectory(prefix="latchhook-site-") as folder:
        folder = pathlib.Path(folder)
        write(folder / "src/SUMMARY.md", summary)
        for page in pages:
            write(folder / "src" / page.path, links.followed(page, ".md"))
        for picture in links.pictures:
            shutil.copy(DOCS / picture, folder / "src" / picture)
        for part in ("book.toml", STYLE):
            shutil.copy(DOCS / "site" / part if part == STYLE else DOCS / part, folder / part)
        shutil.rmtree(site, ignore_errors=True)
        subprocess.run([mdbook, "build", "--dest-dir", site, folder], check=True, env=quiet())
    for page in pages:
        write(site / f"{page.path.removesuffix('.md')}.html.md", links.followed(page, ".html.md"))
    write(site / "openapi.json", json.dumps(document))
    write(site / "llms.txt", for_models(pages))
    print(f"the site is in {site}: {len(pages)} pages")


def quiet():
    return {"MDBOOK_LOG": "warn", "RUST_LOG": "warn", **os.environ}


def write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def complete(pages):
    """Fails if a paper that people read is on no page."""
    papers = set()
    for where in ("*.md", "docs/**/*.md", "infra/*.md", "sdk/README.md", "sdk/*/README.md"):
        papers |= {str(it.relative_to(chapters.ROOT)) for it in chapters.ROOT.glob(where)}
    if left := papers - {page.paper for page in pages} - {"docs/SUMMARY.md"}:
        sys.exit(f"docs/SUMMARY.md does not list {', '.join(sorted(left))}")


def for_models(pages):
    """Returns llms.txt: what this is, and a list of the pages with their first sentences."""
    index = next(page for page in pages if page.path == "index.md")
    # The first line of the index is its title, and what stands below that says what this is.
    what = " ".join(index.text.split("\n\n")[1].split())
    lines = [f"# {index.title}", "", f"> {what}", ""]
    lines.append("The server gives out its OpenAPI document, which is also [here](openapi.json).")
    part = ""
    for page in pages:
        if page is index:
            continue
        if page.part != part:
            part = page.part
            # The last part is for whoever changes Latchhook; llms.txt has a heading for that.
            lines += ["", f"## {'Optional' if part == 'How it is made' else part}", ""]
        address = f"{page.path.removesuffix('.md')}.html.md"
        title = f"latchhook {page.title}" if page.path.startswith("commands/") else page.title
        lines.append(f"- [{title}]({address}): {page.note or first_sentence(page.text)}")
    return "\n".join(lines) + "\n"


def first_sentence(text):
    """Returns the first sentence of prose, without links; if it is short, two."""
    prose = "\n".join(line for line, is_code in chapters.with_fences(text) if not is_code)
    for block in re.split(r"\n\s*\n", chapters.LINK.sub(r"\2", prose)):
        words = " ".join(block.split())
        if words and not re.match(r"#|\||<|!|-", words):
            sentences = re.match(r"(.{30,}?|.+)[.:](\s|$)", words)
            return f"{sentences[1] if sentences else words}."
    raise SystemExit(f"there is no prose in: {text[:200]}")


if __name__ == "__main__":
    main(sys.argv[1], pathlib.Path(sys.argv[2]))
