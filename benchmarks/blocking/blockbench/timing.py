"""Times tools against each other, in turn: cold, warm, and after an edit."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from blockbench import edit, tools
from blockbench.measure import Run, RunError, run
from blockbench.sites import OutputError, Site
from blockbench.tools import Tool

PHASES = ("cold", "warm", "edited")
"""Nothing kept from earlier runs; the same again; one file changed since."""


@dataclass(frozen=True, slots=True)
class Workplace:
    """Where the runs on one tree take place: its copy, and a home for each tool."""

    tree: Path
    homes: Path
    python: str | None
    timeout: float
    unread: Mapping[str, tuple[str, ...]]
    """Files that a tool is not to be given, by its name."""

    def home(self, tool: Tool) -> Path:
        """Return the folder that a tool is started in and keeps its own things in."""
        return self.homes / tool.name

    def run(self, tool: Tool, cold: bool, sampled: bool = False) -> Run:
        """Run a tool on the copy. Raises `RunError`."""
        home = self.home(tool)
        if cold:
            tools.empty_caches(tool, self.tree, home)
        return run(
            tool.command(self.tree, self.python, self.unread.get(tool.name, ())),
            home,
            tools.environment(tool, home),
            self.timeout,
            sampled,
        )

    def sites(self, tool: Tool, done: Run) -> frozenset[Site]:
        """Read what a run printed. Raises `OutputError`."""
        return tool.kind.parse(done.output, self.tree)


@dataclass(slots=True)
class Times:
    """The wall times of one tool in seconds, a phase and round each.

    `unsteady` are sites that some run reported and another did not, the edited file left
    out: no cache may change an answer. `failure` says why there are no more times.
    """

    seconds: dict[str, list[float]] = field(
        default_factory=lambda: {phase: [] for phase in PHASES}
    )
    unsteady: set[Site] = field(default_factory=set)
    failure: str | None = None


def in_turn(
    workplace: Workplace,
    found: Mapping[Tool, frozenset[Site]],
    rounds: int,
    watch: Callable[[str], None],
) -> tuple[dict[Tool, Times], str | None]:
    """Time tools that have run once already; return times and the file edited.

    In each round every tool has its cold run, then every tool its warm one, then a file
    is edited and every tool runs once more; so a slow minute of the machine meets all.
    """
    times = {tool: Times() for tool in found}
    every = [site for sites in found.values() for site in sites]
    path = edit.choose_file(workplace.tree, every)
    file = workplace.tree / path if path else None
    before = file.read_bytes() if file else b""
    for number in range(1, rounds + 1):
        for phase in PHASES:
            if file and phase == "edited":
                text = before.decode("utf-8", "surrogateescape")
                after = edit.edited(text, number)
                edit.replace(file, after.encode("utf-8", "surrogateescape"))
            for tool, sites in found.items():
                if times[tool].failure:
                    continue
                watch(f"round {number}/{rounds}, {phase}: {tool.name}")
                try:
                    done = workplace.run(tool, cold=phase == "cold")
                    now = workplace.sites(tool, done)
                except (RunError, OutputError) as error:
                    times[tool].failure = f"{phase}: {error}"
                    continue
                times[tool].seconds[phase].append(done.seconds)
                times[tool].unsteady |= {
                    site
                    for site in now ^ sites
                    if phase != "edited" or site.path != path
                }
        if file:
            edit.replace(file, before)
    return times, path


def median(values: Sequence[float]) -> float | None:
    """Return the median, or None of nothing."""
    return statistics.median(values) if values else None


def ratios(first: Sequence[float], second: Sequence[float]) -> list[float]:
    """Return the ratio of each pair of times that were taken in the same round."""
    return [a / b for a, b in zip(first, second, strict=False) if b > 0]
