"""Pages of the command line: what `latchhook COMMAND --help` says, a page for each command."""

import os
import re
import subprocess

from chapters import Chapter

ABOUT = re.compile(r"^  ([a-z-]+) +(\S.*)$")


def chapters():
    return [page(name, about) for name, about in subcommands([])]


def page(name, about):
    path, nested = [name], subcommands([name])
    parts = [f"# latchhook {name}\n\n{about}.\n", section(path)]
    for nested_name, about in nested:
        parts.append(f"## latchhook {name} {nested_name}\n\n{about}.\n")
        parts.append(section([*path, nested_name]))
    return Chapter(name, f"commands/{name}.md", text="\n".join(parts))


def section(path):
    # The first line is the sentence that stands above already.
    said = help_of(path).split("\n", 1)[1].strip("\n")
    return f"```text\n{said}\n```\n"


def subcommands(path):
    """Returns name and description of each command below that one."""
    listed, is_list = [], False
    for line in help_of(path).splitlines():
        if line == "Options:":
            break
        if line.endswith(":"):
            is_list = line == "Commands:" or not path
        elif is_list and (found := ABOUT.match(line)) and found[1] != "help":
            listed.append((found[1], found[2]))
    return listed


def help_of(path):
    command = [os.environ["LATCHHOOK_BIN"], *path, "--help"]
    # What the environment says would stand in the help as a default.
    kept = {name: value for name, value in os.environ.items() if not name.startswith("LATCHHOOK_")}
    done = subprocess.run(command, env=kept, check=True, capture_output=True, text=True)
    return done.stdout
