"""The commands of the papers, run in a shell as somebody would paste them.

    snippets.py            every paper
    snippets.py PAPER...   those, such as docs/guides/rotate-a-key.md

The `sh` blocks of a paper run in order, in one shell and an empty folder. A `json` or `text` block after
them is what they have to show: all of it, each line somewhere in a line of the output, in this order. There
`…` stands for anything, and so does every identifier, time and secret; after a comma something may be left
out. A block is not run if the comment above it says why not.
"""

import contextlib
import os
import pathlib
import re
import select
import signal
import socket
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "docs" / "site"))
import chapters  # noqa: E402

PATIENCE_SECONDS = 60
PORTS = ("127.0.0.1:8080", "127.0.0.1:8081", "127.0.0.1:9000")
NOT_RUN = re.compile(r"<!-- not run: (.+) -->")
ANYTHING = re.compile(
    r",?…|\b(?:acct|key|wh|evt|log|ps|optk|req)_01[a-z0-9]*|\d{4}-\d\d-\d\dT[\d:.]+Z"
    r"|\b(?:lh_[sp]k_(?:test|live)_|whsec_|lhps_|lhop_)\**[A-Za-z0-9+/=]*|(?<=attempt )\d+"
)


class Paper:
    """Blocks of a paper: commands, each with what they have to show."""

    def __init__(self, path, text):
        self.path = path
        self.blocks = []
        self.left_out = []
        why, language, lines = None, None, []
        for line, is_code in chapters.with_fences(text):
            if not is_code:
                why = NOT_RUN.fullmatch(line.strip()) or (why if not line.strip() else None)
            elif language is None:
                language, lines = line.strip().removeprefix("```"), []
            elif line.strip() == "```":
                self.add(language, "\n".join(lines), why)
                why, language = None, None
            else:
                lines.append(line)

    def add(self, language, text, why):
        if language == "sh" and why:
            self.left_out.append((text, why[1]))
        elif language == "sh":
            self.blocks.append((text, []))
        elif language in ("json", "text") and self.blocks and not why:
            self.blocks[-1][1].append(text)


def papers(chosen):
    """Yields the papers whose commands are run: the guides, the first steps, and the README's tour."""
    listed = ["README.md"]
    for folder in ("start", "guides"):
        listed += sorted(f"docs/{folder}/{it.name}" for it in (ROOT / "docs" / folder).glob("*.md"))
    for path in listed:
        if chosen and path not in chosen:
            continue
        text = (ROOT / path).read_text(encoding="utf-8")
        if path == "README.md":
            # Its first block is run by .ci/run.
            text = chapters.section_of(text, "five-minutes-with-curl")
        yield Paper(path, text)


class Shell:
    """A bash that reads one block after the other, and what it and its children have written."""

    def __init__(self, folder, environment):
        self.written = ""
        reading, writing = os.pipe()
        self.reading = reading
        self.process = subprocess.Popen(
            ["bash", "-eo", "pipefail"],
            cwd=folder,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=writing,
            stderr=writing,
            start_new_session=True,
        )
        os.close(writing)

    def runs(self, block, number):
        """Runs a block; returns all that was written since the last one, or None if it failed."""
        end = f"--end of block {number}--"
        start = len(self.written)
        with contextlib.suppress(BrokenPipeError):
            self.process.stdin.write(f"{block}\necho {end}\n".encode())
            self.process.stdin.flush()
        if not self.read_until(lambda: end in self.written[start:]):
            return None
        self.written = self.written.replace(f"{end}\n", "")
        return start

    def read_until(self, holds):
        """Reads until that holds; returns false if the shell ends before, or too much time passes."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not holds():
            if time.monotonic() > deadline:
                return False
            # What a shell that has ended has started may hold the pipe open.
            has_ended = self.process.poll() is not None
            if not select.select([self.reading], [], [], 0 if has_ended else 0.2)[0]:
                if has_ended:
                    return False
                continue
            read = os.read(self.reading, 65536)
            if not read:
                return holds()
            self.written += read.decode(errors="replace")
        return True

    def end(self):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.stdin.close()
        self.process.wait()
        os.close(self.reading)


def pattern(line):
    """Returns a pattern of a line that is expected."""
    parts, at, line = [], 0, line.strip()
    for found in ANYTHING.finditer(line):
        parts += [re.escape(line[at : found.start()]), ".*?"]
        at = found.end()
    parts.append(re.escape(line[at:]))
    # Of an object on one line, fields can be left out.
    return re.compile("".join(parts).replace(",", ",.*?"))


def missing(expected, written):
    """Returns the first line that is expected and not there, or None."""
    lines = iter(written.splitlines())
    for line in expected.splitlines():
        wanted = pattern(line)
        if not any(wanted.search(it) for it in lines):
            return line
    return None


def run(paper, environment):
    """Runs the blocks of a paper; returns what is wrong."""
    with tempfile.TemporaryDirectory(prefix="latchhook-paper-") as folder:
        shell = Shell(folder, environment)
        try:
            for number, (block, expected) in enumerate(paper.blocks):
                for port in PORTS:
                    block = block.replace(port.split(":")[1], environment[port].split(":")[1])
                start = shell.runs(block, number)
                if start is None:
                    return f"failed:\n{block}\nIt wrote:\n{shell.written[-4000:]}"
                for text in expected:
                    for port in PORTS:
                        text = text.replace(port, environment[port])
                    if not shell.read_until(lambda: missing(text, shell.written[start:]) is None):
                        line = missing(text, shell.written[start:])
                        return f"does not show {line!r}:\n{block}\nbut:\n{shell.written[start:]}"
        finally:
            shell.end()
    return None


@contextlib.contextmanager
def demo(environment, folder):
    """Runs `latchhook demo`; adds what it prints to a copy of the environment."""
    command = ["latchhook", "demo", "--listen", "127.0.0.1:0"]
    process = subprocess.Popen(
        command, env=environment, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    try:
        said = ""
        for line in process.stdout:
            said += line
            if "stays up" in line:
                break
        found = {
            "LATCHHOOK_URL": re.search(r"listens on (http://\S+?)\.?\s", said),
            "LATCHHOOK_OPERATOR_TOKEN": re.search(r"(lhop_\w+)", said),
            "LATCHHOOK_ACCOUNT": re.search(r"(acct_\w+)", said),
            "KEY": re.search(r"(lh_sk_test_\w+)", said),
        }
        yield {**environment, **{name: it[1] for name, it in found.items()}}
    finally:
        process.send_signal(signal.SIGINT)
        process.stdout.read()
        process.wait(PATIENCE_SECONDS)


def free_ports():
    """Returns as many free addresses as the papers name."""
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in PORTS]
    found = {name: f"127.0.0.1:{it.getsockname()[1]}" for name, it in zip(PORTS, sockets)}
    for it in sockets:
        it.close()
    return found


def main():
    failed = 0
    with tempfile.TemporaryDirectory(prefix="latchhook-bin-") as folder:
        os.symlink(os.path.abspath(os.environ["LATCHHOOK_BIN"]), f"{folder}/latchhook")
        kept = {name: it for name, it in os.environ.items() if not name.startswith("LATCHHOOK_")}
        for paper in papers(sys.argv[1:]):
            environment = {**kept, **free_ports(), "PATH": f"{folder}:{os.environ['PATH']}"}
            if paper.path == "README.md":
                # It starts the server at the usual address, and so doesn't name it.
                environment["LATCHHOOK_LISTEN"] = environment[PORTS[0]]
            begun = time.monotonic()
            with demo(environment, folder) as environment:
                wrong = run(paper, environment) if paper.blocks else None
            failed += bool(wrong)
            print(
                f"{paper.path}: {len(paper.blocks)} blocks {'FAILED' if wrong else 'run'}"
                f" in {time.monotonic() - begun:.1f} s, {len(paper.left_out)} left out"
            )
            for block, why in paper.left_out:
                print(f"  not run ({why}): {block.splitlines()[0]} …")
            if wrong:
                print(f"{paper.path} {wrong}", file=sys.stderr)
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
