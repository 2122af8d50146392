"""`roadworthy explain`: a rule, why it matters, wrong and right code."""

from __future__ import annotations

import argparse
import difflib
import re
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from roadworthy.cli import console

if TYPE_CHECKING:
    from collections.abc import Sequence

    from roadworthy.rules.base import Rule


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the verb's arguments."""
    parser.add_argument(
        "rules",
        metavar="RULE",
        nargs="*",
        help="code or name of a rule: RW301, or blocking-http",
    )
    parser.add_argument("--all", action="store_true", help="every rule there is")
    parser.add_argument(
        "--format",
        choices=("terminal", "json", "markdown"),
        default="terminal",
        help="for people, for programs, or a page a rule (default: terminal)",
    )
    parser.add_argument(
        "--output",
        metavar="FOLDER",
        help="with --format markdown: write a file for each rule, and an index",
    )


def run(options: argparse.Namespace) -> int:
    """Print what there is to say about the rules, and return the exit status."""
    from roadworthy.cli import FAILED, OK
    from roadworthy.output import explain
    from roadworthy.rules import registry

    if options.all == bool(options.rules):
        return console.fail("name a rule such as RW301, or give --all")
    if options.output is not None and options.format != "markdown":
        return console.fail("--output needs --format markdown")
    if options.output is not None and not options.all:
        return console.fail("--output needs --all: the index lists every rule")
    every = registry.rules()
    chosen: Sequence[Rule] = every
    if not options.all:
        try:
            chosen = [_find(word, every) for word in options.rules]
        except LookupError as error:
            return console.fail(str(error.args[0]))
    if options.output is not None:
        try:
            count = explain.write_pages(chosen, Path(options.output))
        except OSError as error:
            return console.fail(f"{options.output}: {error.strerror or error}")
        sys.stdout.write(f"{count} pages written to {options.output}\n")
        return OK
    if options.format == "json":
        sys.stdout.write(explain.to_json(chosen) + "\n")
    elif options.format == "markdown":
        sys.stdout.write("\n".join(map(explain.to_markdown, chosen)))
    else:
        columns = min(shutil.get_terminal_size((100, 24)).columns, 100)
        for index, rule in enumerate(chosen):
            text = [] if index == 0 else ["", ""]
            text += explain.to_terminal(rule, columns, console.has_colour())
            sys.stdout.write("\n".join(text) + "\n")
    return OK if chosen else FAILED


def _find(word: str, every: Sequence[Rule]) -> Rule:
    """Return the rule of a code or name.

    Raises:
        LookupError: there is none; the message names those that come near.
    """
    for rule in every:
        if word.upper() == rule.code or word.lower() == rule.name:
            return rule
    beginning = [rule.code for rule in every if rule.code.startswith(word.upper())]
    if beginning and len(word) > 2:
        listed = ", ".join(beginning)
        raise LookupError(f"`{word}` is the beginning of several rules: {listed}")
    raise LookupError(f"there is no rule `{word}`; {_hint(word, every)}")


def _hint(word: str, every: Sequence[Rule]) -> str:
    code = word.upper()
    if re.fullmatch(r"RW\d+", code):
        section = [rule.code for rule in every if rule.code[:3] == code[:3]]
        if section:
            return f"section {code[2]} has {section[0]} to {section[-1]}"
    else:
        names = {rule.name: rule.code for rule in every}
        near = difflib.get_close_matches(word.lower(), names, n=3)
        if near:
            return f"did you mean {', '.join(f'{n} ({names[n]})' for n in near)}?"
    return "`roadworthy explain --all` tells all there are"
