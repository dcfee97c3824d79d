"""Links of a site that is built: each leads to a page, and to a place on it. Nothing asks the network.

    links.py FOLDER

A checker of our own, since those that there are (lychee, mdbook-linkcheck2) take minutes to build for the
network that is not asked here.
"""

import html.parser
import pathlib
import re
import sys
import urllib.parse

# Attributes that lead somewhere.
LEADING = {"a": "href", "link": "href", "img": "src", "script": "src", "iframe": "src"}


class Page(html.parser.HTMLParser):
    """Places and links of a page."""

    def __init__(self, text):
        super().__init__()
        self.places = set()
        self.links = []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        self.places |= {attributes[name] for name in ("id", "name") if attributes.get(name)}
        link = attributes.get(LEADING.get(tag))
        if link is not None:
            self.links.append(link)


def faults(site):
    """Yields a line for each link that leads nowhere."""
    pages = {path: Page(path.read_text(encoding="utf-8")) for path in sorted(site.rglob("*.html"))}
    followed = 0
    for path, page in pages.items():
        for link in page.links:
            if is_outside(link):
                continue
            followed += 1
            yield from fault(site, pages, path, link)
    for path in [site / "llms.txt", *sorted(site.rglob("*.html.md"))]:
        for link in markdown_links(path.read_text(encoding="utf-8")):
            followed += 1
            # The text of a page has no places of its own: they are those of the page.
            yield from fault(site, {}, path, link)
    if len(pages) < 40 or followed < 2000:
        yield f"only {followed} links on {len(pages)} pages: this is no whole site"
    print(f"{followed} links on {len(pages)} pages followed")


def fault(site, pages, path, link):
    address, _, place = link.partition("#")
    address = urllib.parse.unquote(address).partition("?")[0]
    to = (path.parent / address).resolve() if address else path
    to = to / "index.html" if to.is_dir() else to
    where = path.relative_to(site)
    if not to.is_relative_to(site) or not to.is_file():
        yield f"{where}: {link} leads to no file"
    elif place and to in pages and urllib.parse.unquote(place) not in pages[to].places:
        yield f"{where}: {link} leads to no place on {to.relative_to(site)}"


def is_outside(link):
    return bool(re.match(r"[a-z][a-z0-9+.-]*:|//", link))


def markdown_links(text):
    prose = re.sub(r"(?ms)^ *```.*?^ *```$", "", text)
    prose = re.sub(r"`[^`\n]*`", "", prose)
    links = re.findall(r"\]\(([^)\s]+)", prose)
    return [link for link in links if not is_outside(link)]


def main():
    site = pathlib.Path(sys.argv[1]).resolve()
    found = list(faults(site))
    for line in found:
        print(line, file=sys.stderr)
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
