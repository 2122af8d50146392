"""The comparison as text for people."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from blockbench import truth
from blockbench.results import OURS, TreeResult
from blockbench.sites import Site
from blockbench.timing import PHASES, median

_SHOWN = 20


def tree_lines(result: TreeResult, complete: bool) -> Iterator[str]:
    """Yield the report on one tree; `complete` lists all sites, not the first few."""
    yield f"== {result.name}: {_truth_line(result)}"
    if result.absent:
        yield (
            f"   ! {len(result.absent)} judged files are not in this tree, such as "
            f"{result.absent[0]}: is it another version?"
        )
    for name, reason in result.failures.items():
        yield f"   ! {name} failed and is left out: {reason}"
    for name, files in result.unread.items():
        yield f"   ! {name} cannot read {len(files)} files, not given to it: {files[0]} ..."
    for name, times in result.times.items():
        if times.failure:
            yield f"   ! {name} failed while it was timed: {times.failure}"
        if times.unsteady:
            sites = _few(times.unsteady, complete)
            yield f"   ! {name} does not always answer alike: {sites}"
    yield ""
    yield from _table(_score_rows(result))
    yield ""
    yield from _table(_time_rows(result))
    if result.edited:
        yield f"edited file: {result.edited}"
    if OURS in result.first and len(result.first) > 1:
        yield ""
        yield from _table(_pair_rows(result))
    yield ""
    yield from _site_lists(result, complete)


def _truth_line(result: TreeResult) -> str:
    if result.truth is None:
        return "no truth file, so nothing is scored"
    right, wrong = len(result.truth.right), len(result.truth.wrong)
    line = f"{right} true sites known, {wrong} known to be false"
    if result.truth.scope is not None:
        line += f"; scored within the {len(result.truth.scope)} files of its scope"
    if result.truth.beyond:
        line += f" ({result.truth.beyond} verdicts on other files left out)"
    return line


def _score_rows(result: TreeResult) -> Iterator[Sequence[str]]:
    yield (
        *("", "sites", "in scope", "true", "false", "unjudged", "missed"),
        *("recall", "precision", "at least", "only by it"),
    )
    found = result.found()
    for name, first in result.first.items():
        alone = str(len(truth.only_by(found, name)))
        score = result.score(name)
        if score is None:
            blank = ("-",) * 8
            yield (name, str(len(first.sites)), *blank, alone)
            continue
        counts = (score.right, score.wrong, score.unjudged, score.missed)
        yield (
            *(name, str(len(first.sites)), str(len(found[name]))),
            *(str(len(sites)) for sites in counts),
            *map(_percent, (score.recall, score.precision, score.least_precision)),
            alone,
        )


def _time_rows(result: TreeResult) -> Iterator[Sequence[str]]:
    yield ("", *PHASES, "peak memory", "runs")
    for name, first in result.first.items():
        times = result.times.get(name)
        runs = str(len(times.seconds["cold"])) if times else "1, while watched"
        yield (
            name,
            *(_seconds(result.seconds(name, phase)) for phase in PHASES),
            f"{first.memory / 1e6:.0f} MB",
            runs,
        )


def _pair_rows(result: TreeResult) -> Iterator[Sequence[str]]:
    headings = (f"time {phase} {OURS}/it" for phase in PHASES)
    yield (f"{OURS} and", "both", f"only {OURS}", "only it", *headings)
    found = result.found()
    for peer in found:
        if peer == OURS:
            continue
        shared = truth.overlap(found[OURS], found[peer])
        yield (
            *(peer, str(len(shared.both))),
            *(str(len(shared.first)), str(len(shared.second))),
            *(_ratio(result.ratios(peer, phase)) for phase in PHASES),
        )


def _site_lists(result: TreeResult, complete: bool) -> Iterator[str]:
    if result.truth is None:
        return
    missed = result.missed_by_all()
    if missed:
        yield f"true, found by no tool ({len(missed)}): {_few(missed, complete)}"
    ours = result.score(OURS) if OURS in result.first else None
    if ours and ours.missed:
        sites = _few(ours.missed, complete)
        yield f"missed by {OURS} ({len(ours.missed)}): {sites}"
    if ours and ours.wrong:
        sites = _few(ours.wrong, complete)
        yield f"false by {OURS} ({len(ours.wrong)}): {sites}"
    unjudged = result.unjudged()
    by_tools: dict[str, list[Site]] = {}
    for site, names in unjudged.items():
        by_tools.setdefault(", ".join(names), []).append(site)
    for together, some in by_tools.items():
        yield f"unjudged, by {together} ({len(some)}): {_few(some, complete)}"


def _table(rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Yield rows with their columns aligned, the first to the left."""
    every = list(rows)
    widths = [max(map(len, column)) for column in zip(*every, strict=True)]
    for row in every:
        cells = [cell.rjust(width) for cell, width in zip(row, widths, strict=True)]
        cells[0] = row[0].ljust(widths[0])
        yield "  ".join(cells).rstrip()


def _few(sites: Iterable[Site], complete: bool) -> str:
    every = sorted(sites)
    if complete:
        return "".join(f"\n    {site}" for site in every)
    text = ", ".join(map(str, every[:_SHOWN]))
    if len(every) > _SHOWN:
        text += f" and {len(every) - _SHOWN} more"
    return text


def _percent(part: float | None) -> str:
    return "-" if part is None else f"{part:.1%}"


def _seconds(values: Sequence[float]) -> str:
    middle = median(values)
    if middle is None:
        return "-"
    if len(values) == 1:
        return f"{middle:.2f} s"
    return f"{middle:.2f} s ({min(values):.2f}-{max(values):.2f})"


def _ratio(values: Sequence[float]) -> str:
    middle = median(values)
    if middle is None:
        return "-"
    return f"{middle:.2f} ({', '.join(f'{value:.2f}' for value in values)})"
