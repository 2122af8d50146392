"""Holds what the rules report on given trees against the findings judged by reading.

    python benchmarks/rules/precision.py NAME=PATH[:PYTHON] ... [--unjudged RULES]

Each NAME=PATH is a tree: NAME says which rows of the CSV files here are about it, PATH is
the folder that the paths in them begin from, PYTHON the environment with the service's
dependencies. PATH may also be a report that `roadworthy check --format json` printed. A
row and a finding belong together by tree, path, line and rule.
"""

from __future__ import annotations

import argparse
import csv
import json
import random
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
EVENT_LOOP = "RW30"
"""These rules have a truth of their own, in the benchmark of blocking calls."""


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A finding of a rule on a line of a tree. Lines begin at 1."""

    rule: str
    tree: str
    path: str
    line: int


@dataclass(frozen=True, slots=True)
class Target:
    """A tree to check, or the report of a run over it."""

    name: str
    path: Path
    python: str | None


@dataclass(frozen=True, slots=True)
class Figures:
    """What is known of a rule's findings."""

    findings: int
    true: int
    false: int

    @property
    def judged(self) -> int:
        """Findings that somebody has read."""
        return self.true + self.false

    @property
    def precision(self) -> float | None:
        """The true ones among the judged, from 0 to 1; None where none was judged."""
        return self.true / self.judged if self.judged else None


class BenchmarkError(RuntimeError):
    """A run that failed, or a file that cannot be used; the message says which."""


def read_verdicts(folder: Path = FOLDER) -> dict[Place, bool]:
    """Return whether each judged finding is true.

    Raises:
        BenchmarkError: A row that is not understood, or that contradicts another.
    """
    verdicts: dict[Place, bool] = {}
    for file in sorted(folder.glob("*.csv")):
        with file.open(encoding="utf-8", newline="") as text:
            for number, row in enumerate(csv.DictReader(text), start=2):
                where = f"{file.name}:{number}"
                if row["verdict"] not in ("true", "false") or not row["reason"]:
                    raise BenchmarkError(f"{where}: no verdict or no reason")
                try:
                    line = int(row["line"])
                except ValueError as error:
                    raise BenchmarkError(f"{where}: no line number") from error
                place = Place(row["rule"], row["tree"], row["path"], line)
                verdict = row["verdict"] == "true"
                if verdicts.setdefault(place, verdict) != verdict:
                    raise BenchmarkError(f"{where}: judged twice, and differently")
    return verdicts


def findings_of(target: Target) -> set[Place]:
    """Run the tool on a tree (or read its report) and return what it finds.

    Raises:
        BenchmarkError: The run failed, or its report cannot be read.
    """
    if target.path.is_file():
        text = target.path.read_text(encoding="utf-8")
    else:
        words = [sys.executable, "-m", "roadworthy", "check", str(target.path)]
        words += ["--format", "json", "--no-cache", "--ignore", EVENT_LOOP]
        words += ["--fail-on", "never"]
        if target.python is not None:
            words += ["--python", target.python]
        answer = subprocess.run(words, capture_output=True, text=True, check=False)
        if answer.returncode != 0:
            raise BenchmarkError(f"{target.name}: {answer.stderr.strip()}")
        text = answer.stdout
    try:
        found = json.loads(text)["findings"]
    except (ValueError, KeyError) as error:
        raise BenchmarkError(f"{target.name}: not a report: {error}") from error
    return {
        Place(each["rule"], target.name, each["path"], each["line"])
        for each in found
        if not each["rule"].startswith(EVENT_LOOP)
    }


def figures(found: Iterable[Place], verdicts: dict[Place, bool]) -> dict[str, Figures]:
    """Return the figures of each rule that found or was judged to find something."""
    by_rule: dict[str, list[Place]] = {}
    for place in found:
        by_rule.setdefault(place.rule, []).append(place)
    return {
        rule: Figures(
            len(places),
            sum(verdicts.get(place) is True for place in places),
            sum(verdicts.get(place) is False for place in places),
        )
        for rule, places in sorted(by_rule.items())
    }


def table(rows: dict[str, Figures]) -> str:
    """Return the figures as a table of text."""
    lines = ["rule    findings  judged    true  precision  unjudged"]
    for rule, row in rows.items():
        share = "-" if row.precision is None else f"{row.precision:.1%}"
        lines.append(
            f"{rule}  {row.findings:>8}{row.judged:>8}{row.true:>8}{share:>11}"
            f"{row.findings - row.judged:>10}"
        )
    return "\n".join(lines)


def sample(
    found: Iterable[Place], verdicts: dict[Place, bool], rules: Iterable[str], size: int
) -> list[Place]:
    """Return up to `size` findings of each rule that nobody has judged, at random.

    The same findings give the same sample.
    """
    chosen: list[Place] = []
    for rule in rules:
        open_ones = sorted(p for p in found if p.rule == rule and p not in verdicts)
        random.Random(rule).shuffle(open_ones)
        chosen.extend(open_ones[:size])
    return chosen


def parse_target(text: str) -> Target:
    """Read `NAME=PATH[:PYTHON]`. Raises `argparse.ArgumentTypeError`."""
    name, separator, place = text.partition("=")
    if not name or not separator or not place:
        raise argparse.ArgumentTypeError(f"{text!r} is not NAME=PATH[:PYTHON]")
    path, _, python = place.partition(":")
    if not Path(path).exists():
        raise argparse.ArgumentTypeError(f"{path} does not exist")
    # Not resolved: an interpreter's link tells which environment it belongs to.
    return Target(name, Path(path).resolve(), python or None)


def main() -> int:
    """Print the table; return 1 if a rule is below 95%, 2 if something failed."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("targets", nargs="+", type=parse_target, metavar="NAME=PATH")
    parser.add_argument(
        "--unjudged",
        metavar="RULES",
        default="",
        help="also list findings of these rules that nobody has judged, at random",
    )
    parser.add_argument("--size", type=int, default=30, help="how many of each rule")
    arguments = parser.parse_args()
    try:
        verdicts = read_verdicts()
        found = {p for target in arguments.targets for p in findings_of(target)}
    except BenchmarkError as error:
        print(error, file=sys.stderr)
        return 2
    rows = figures(found, verdicts)
    print(table(rows))
    wanted = [rule for rule in arguments.unjudged.split(",") if rule]
    for place in sample(found, verdicts, wanted, arguments.size):
        print(f"{place.rule} {place.tree} {place.path}:{place.line}")
    return int(any((row.precision or 1) < 0.95 for row in rows.values()))


if __name__ == "__main__":
    sys.exit(main())
