"""Chapters of the site: the papers that SUMMARY.md lists, and where their links lead."""

import dataclasses
import os.path
import pathlib
import re

ROOT = pathlib.Path(__file__).resolve().parents[2]
ENTRY = re.compile(r"^( *- |)\[(?P<title>[^\]]+)\]\((?P<link>[^)]+)\)$")
LINK = re.compile(r"(!?)\[((?:[^\[\]`]|`[^`]*`)*)\]\(([^)\s]+)((?:\s+\"[^\"]*\")?)\)")
FENCE = re.compile(r"^\s*(`{3,}|~{3,})")
OUTSIDE = re.compile(r"^[a-z][a-z0-9+.-]*:")


@dataclasses.dataclass
class Chapter:
    """A page of the site, from a paper of the repository or a section of one, or generated."""

    title: str
    # Path below the site's top, ending in .md.
    path: str
    # Heading of SUMMARY.md that it stands under.
    part: str = ""
    # Paper that it is, as a path below the repository's root, and the section, if it is only that.
    paper: str | None = None
    section: str | None = None
    text: str = ""
    # What llms.txt says of it; without this, its first sentence.
    note: str | None = None


def read(generated):
    """Reads SUMMARY.md. Returns the chapters, and the summary for mdBook.

    `generated` has lists of chapters by the name of the comment that stands for them.
    """
    chapters, lines, part = [], [], ""
    for line in (ROOT / "docs/SUMMARY.md").read_text(encoding="utf-8").splitlines():
        comment = re.fullmatch(r"<!-- (\w+) -->", line)
        entry = ENTRY.match(line)
        if comment:
            for chapter in generated[comment[1]]:
                chapters.append(dataclasses.replace(chapter, part=part))
                lines.append(f"  - [{chapter.title}]({chapter.path})")
        elif entry:
            chapter = of_paper(entry["title"], entry["link"], part)
            chapters.append(chapter)
            lines.append(line.replace(f"({entry['link']})", f"({chapter.path})"))
        else:
            part = line.removeprefix("# ") if line.startswith("# ") else part
            lines.append(line)
    return chapters, "\n".join(lines) + "\n"


def of_paper(title, link, part):
    link, _, section = link.partition("#")
    paper = os.path.normpath(f"docs/{link}")
    text = (ROOT / paper).read_text(encoding="utf-8")
    if section:
        path = f"{section}.md"
        text = section_of(text, section)
    else:
        path = re.sub(r"/README\.md$", ".md", paper.removeprefix("docs/"))
        path = path if paper.startswith("docs/") else path.lower()
    return Chapter(title, path, part, paper, section or None, text)


def section_of(text, section):
    """Returns the section with that fragment, its headings one level up."""
    lines, kept = list(with_fences(text)), []
    for line, is_code in lines:
        if not is_code and line.startswith("## "):
            if kept:
                break
            if slug(line.removeprefix("## ")) == section:
                kept.append(line[1:])
        elif kept:
            kept.append(line[1:] if not is_code and line.startswith("##") else line)
    if not kept:
        raise SystemExit(f"there is no section #{section}")
    return "\n".join(kept) + "\n"


def slug(heading):
    """Returns the fragment of a heading, as mdBook and GitHub make it."""
    heading = re.sub(r"[^\w\- ]", "", heading.strip().lower())
    return heading.replace(" ", "-")


def with_fences(text):
    """Yields each line, and whether it is code or the fence of some."""
    fence = None
    for line in text.splitlines():
        mark = FENCE.match(line)
        if fence is None and mark:
            fence = mark[1]
            yield line, True
        else:
            yield line, fence is not None
            if fence and line.strip() == fence:
                fence = None


def prose_changed(text, change):
    """Returns the text with `change` made to what stands outside of fenced code."""
    chunks = []
    for line, is_code in with_fences(text):
        if not chunks or chunks[-1][0] != is_code:
            chunks.append((is_code, []))
        chunks[-1][1].append(line)
    parts = ["\n".join(lines) for _, lines in chunks]
    parts = [part if is_code else change(part) for part, (is_code, _) in zip(parts, chunks)]
    return "\n".join(parts) + "\n"


class Links:
    """Where links of papers lead on the site."""

    def __init__(self, chapters, sources):
        self.chapters = {(it.paper, it.section): it for it in chapters if it.paper}
        self.sources = sources
        self.pictures = set()

    def followed(self, chapter, ending):
        """Returns the chapter's text with its links led to pages with that ending."""
        if chapter.paper is None:
            return prose_changed(chapter.text, lambda prose: self.renamed(prose, ending))
        return prose_changed(chapter.text, lambda prose: self.led(prose, chapter, ending))

    def renamed(self, prose, ending):
        return re.sub(r"\.md(#[^)\s]*)?\)", lambda end: f"{ending}{end[1] or ''})", prose)

    def led(self, prose, chapter, ending):
        def lead(link):
            mark, text, target, title = link.groups()
            if OUTSIDE.match(target) or (target.startswith("#") and not chapter.section):
                return link[0]
            to = self.target(chapter, target, ending)
            return f"{mark}[{text}]({to}{title})" if to else text

        return LINK.sub(lead, prose)

    def target(self, chapter, target, ending):
        """Returns where a link of the chapter leads, or None if there is no such place."""
        path, _, fragment = target.partition("#")
        folder = os.path.dirname(chapter.paper)
        paper = os.path.normpath(os.path.join(folder, path)) if path else chapter.paper
        if (paper, fragment) in self.chapters:
            return relative(chapter, self.chapters[paper, fragment].path, ending)
        if (paper, None) in self.chapters:
            to = relative(chapter, self.chapters[paper, None].path, ending)
            return f"{to}#{fragment}" if fragment else to
        if paper == "README.md" and not fragment:
            return relative(chapter, "index.md", ending)
        if paper.startswith("docs/") and paper.endswith(".png"):
            self.pictures.add(paper.removeprefix("docs/"))
            return relative(chapter, paper.removeprefix("docs/"), ending)
        return f"{self.sources}{paper}{'#' + fragment if fragment else ''}" if self.sources else None


def relative(chapter, path, ending):
    to = os.path.relpath(path, os.path.dirname(chapter.path) or ".")
    return to.removesuffix(".md") + ending if to.endswith(".md") else to
