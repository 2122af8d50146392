"""The adjudicated truth of a tree, and how well a tool's sites agree with it."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from blockbench.sites import Site

COLUMNS = ("path", "line", "verdict", "rule", "reason")


class TruthError(ValueError):
    """A truth file cannot be believed; the message names file and line."""


@dataclass(frozen=True, slots=True)
class Truth:
    """What reading the code by hand has shown.

    `right` are sites that do block the loop, whether a tool reported them or not, `wrong`
    those that do not. `scope` are the files that were read in whole, so that what no tool
    reports is known in them too; None means all files. Verdicts on other files are left
    out, and `beyond` is their number.
    """

    right: frozenset[Site]
    wrong: frozenset[Site]
    scope: frozenset[str] | None = None
    beyond: int = 0

    def covers(self, site: Site) -> bool:
        """Tell whether the file of a site was read."""
        return self.scope is None or site.path in self.scope

    def within(self, sites: Iterable[Site]) -> frozenset[Site]:
        """Return the sites in files that were read."""
        return frozenset(site for site in sites if self.covers(site))


@dataclass(frozen=True, slots=True)
class Score:
    """A tool's sites, sorted by what the truth says of them.

    Sites out of scope appear nowhere but in `beyond`, which is their number. Nothing is
    assumed of an unjudged site: it counts neither as right nor as wrong.
    """

    right: frozenset[Site]
    wrong: frozenset[Site]
    unjudged: frozenset[Site]
    missed: frozenset[Site]
    beyond: int

    @property
    def recall(self) -> float | None:
        """The part of the true sites that was found; None where there are none."""
        return _part(len(self.right), len(self.right) + len(self.missed))

    @property
    def precision(self) -> float | None:
        """The part of the judged sites that are true; None where none is judged."""
        return _part(len(self.right), len(self.right) + len(self.wrong))

    @property
    def least_precision(self) -> float | None:
        """What the precision would be if each unjudged site were wrong."""
        reported = len(self.right) + len(self.wrong) + len(self.unjudged)
        return _part(len(self.right), reported)


@dataclass(frozen=True, slots=True)
class Overlap:
    """The sites of two tools, side by side."""

    both: frozenset[Site]
    first: frozenset[Site]
    second: frozenset[Site]


def load(folder: Path, name: str) -> Truth | None:
    """Read `NAME.csv` and, where there is one, `NAME.scope.txt`; None without the former.

    Raises `TruthError` for a row that is not whole, a verdict other than `true` or
    `false`, and a site judged both ways.
    """
    file = folder / f"{name}.csv"
    if not file.is_file():
        return None
    verdicts: dict[Site, bool] = {}
    with file.open(encoding="utf-8", newline="") as stream:
        reader = csv.DictReader(stream)
        if tuple(reader.fieldnames or ()) != COLUMNS:
            raise TruthError(f"{file}:1: the columns must be {','.join(COLUMNS)}")
        for row in reader:
            place = f"{file}:{reader.line_num}"
            line, verdict = row["line"] or "", row["verdict"]
            if not row["path"] or not line.isdecimal():
                raise TruthError(f"{place}: a path and a line number must be given")
            if verdict not in ("true", "false"):
                raise TruthError(f"{place}: the verdict must be true or false")
            site = Site(row["path"], int(line))
            if verdicts.setdefault(site, verdict == "true") != (verdict == "true"):
                raise TruthError(f"{place}: {site} is judged both ways")
    scope = _scope(folder / f"{name}.scope.txt")
    covered = [site for site in verdicts if scope is None or site.path in scope]
    return Truth(
        right=frozenset(site for site in covered if verdicts[site]),
        wrong=frozenset(site for site in covered if not verdicts[site]),
        scope=scope,
        beyond=len(verdicts) - len(covered),
    )


def _scope(file: Path) -> frozenset[str] | None:
    if not file.is_file():
        return None
    lines = (line.strip() for line in file.read_text("utf-8").splitlines())
    return frozenset(line for line in lines if line and not line.startswith("#"))


def score(sites: Iterable[Site], truth: Truth) -> Score:
    """Hold a tool's sites against the truth."""
    every = frozenset(sites)
    found = truth.within(every)
    return Score(
        right=found & truth.right,
        wrong=found & truth.wrong,
        unjudged=found - truth.right - truth.wrong,
        missed=truth.right - found,
        beyond=len(every) - len(found),
    )


def overlap(first: frozenset[Site], second: frozenset[Site]) -> Overlap:
    """Sort the sites of two tools by who found them."""
    return Overlap(both=first & second, first=first - second, second=second - first)


def only_by(found: dict[str, frozenset[Site]], name: str) -> frozenset[Site]:
    """Return the sites that this tool alone found."""
    others = (sites for other, sites in found.items() if other != name)
    return found[name].difference(*others)


def absent_files(truth: Truth, root: Path) -> list[str]:
    """Return the judged files that a tree lacks: then it is another version of it."""
    paths = {site.path for site in truth.right | truth.wrong}
    return sorted(path for path in paths if not (root / path).is_file())


def _part(count: int, whole: int) -> float | None:
    return count / whole if whole else None
