"""The form of llms.txt (https://llmstxt.org): a title, a summary, and lists of links under headings.

    llms.py FOLDER
"""

import pathlib
import re
import sys

ITEM = re.compile(r"- \[[^\]]+\]\([^)\s]+\): \S.*")


def faults(lines):
    """Yields what the form does not allow, with its line."""
    if not re.fullmatch(r"# \S.*", lines[0]) or lines[1] != "" or not lines[2].startswith("> "):
        yield "it has to begin with a title and a summary"
    first = next((at for at, line in enumerate(lines) if line.startswith("## ")), len(lines))
    for number, line in enumerate(lines[3:first], 4):
        if line.startswith("#"):
            yield f"{number}: a heading stands before the lists: {line}"
    items = 0
    for number, line in enumerate(lines[first:], first + 1):
        items += bool(ITEM.fullmatch(line))
        if line and not line.startswith("## ") and not ITEM.fullmatch(line):
            yield f"{number}: this is no link with a note: {line}"
    if items < 40:
        yield f"it lists only {items} pages"


def main():
    text = (pathlib.Path(sys.argv[1]) / "llms.txt").read_text(encoding="utf-8")
    found = list(faults(text.splitlines()))
    for line in found:
        print(f"llms.txt: {line}", file=sys.stderr)
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
