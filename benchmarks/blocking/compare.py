"""Compares roadworthy with its peers on what blocks the event loop.

    python benchmarks/blocking/compare.py NAME=PATH[:PYTHON] ... --peers peers/bin

Each NAME=PATH is a tree to check: NAME says which truth file it has, PATH is the folder
that paths in it begin from, PYTHON the environment with the service's dependencies. All
tools run on a copy of the tree, each with a home of its own; the tree is never written to.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import signal
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from blockbench import edit, timing, tools, truth
from blockbench.measure import RunError
from blockbench.report import tree_lines
from blockbench.results import First, TreeResult, head_document
from blockbench.sites import OutputError
from blockbench.tools import Tool

_HERE = Path(__file__).resolve().parent


@dataclass(frozen=True, slots=True)
class Target:
    """A tree to check, and the environment of its dependencies."""

    name: str
    path: Path
    python: str | None


def parse_target(text: str) -> Target:
    """Read `NAME=PATH[:PYTHON]`. Raises `argparse.ArgumentTypeError`."""
    name, separator, place = text.partition("=")
    if not name or not separator or not place:
        raise argparse.ArgumentTypeError(f"{text!r} is not NAME=PATH[:PYTHON]")
    path, _, python = place.partition(":")
    if not Path(path).is_dir():
        raise argparse.ArgumentTypeError(f"{path} is not a folder")
    if python and not Path(python).exists():
        raise argparse.ArgumentTypeError(f"{python} does not exist")
    # Not resolved: an interpreter's link tells which environment it belongs to.
    return Target(
        name, Path(path).resolve(), str(Path(python).absolute()) if python else None
    )


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add = parser.add_argument
    add("trees", metavar="NAME=PATH[:PYTHON]", nargs="+", type=parse_target)
    add(
        "--truth",
        metavar="FOLDER",
        type=Path,
        default=_HERE / "truth",
        help="folder of NAME.csv and NAME.scope.txt (default: beside this program)",
    )
    add(
        "--peers",
        metavar="FOLDER",
        type=Path,
        help="folder of the peers' programs; those not there are looked for on PATH",
    )
    add(
        "--roadworthy",
        metavar="PYTHON",
        default=sys.executable,
        help="interpreter that has roadworthy (default: the one running this)",
    )
    add("--runs", metavar="N", type=int, default=3, help="rounds to time (default: 3)")
    add(
        "--timed",
        metavar="NAMES",
        default="roadworthy,hydroid",
        help="tools to time in rounds, or `all`; the others run once "
        "(default: roadworthy,hydroid)",
    )
    add(
        "--without",
        metavar="NAMES",
        default="",
        help="tools to leave out, such as a slow one on a large tree",
    )
    add(
        "--timeout", metavar="S", type=float, default=1800.0, help="seconds for one run"
    )
    add(
        "--list",
        action="store_true",
        help="list every site, not the first 20 of a kind",
    )
    add("--json", metavar="FILE", type=Path, help="write all figures and sites there")
    return parser


def main() -> int:
    """Run the comparison; return 0, 1 if a tool failed, 2 if nothing could be done."""
    # Ended from outside, it still ends what it started and removes its copies.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    parser = _arguments()
    options = parser.parse_args()
    if options.runs < 0:
        parser.error("--runs must not be negative")
    without = _names(options.without)
    found, missing = find_tools(options.roadworthy, options.peers, without)
    known = {tools.ROADWORTHY.name, *(kind.name for kind in tools.PEERS)}
    timed = known if options.timed == "all" else _names(options.timed)
    if unknown := (timed | without) - known:
        parser.error(f"no such tool: {', '.join(sorted(unknown))}")
    if not found:
        parser.error("no tool was found")
    try:
        truths = {t.name: truth.load(options.truth, t.name) for t in options.trees}
    except truth.TruthError as error:
        parser.error(str(error))
    head = {
        "platform": platform.platform(),
        "python": platform.python_version(),
        "cores": os.cpu_count(),
        "load": [round(load, 2) for load in os.getloadavg()],
        "runs": options.runs,
        **head_document(found, missing),
    }
    print_head(head)
    documents = []
    failed = False
    for target in options.trees:
        result = compare(
            target, found, truths[target.name], timed, options.runs, options.timeout
        )
        print("\n".join(tree_lines(result, options.list)), flush=True)
        documents.append(result.document())
        failed |= bool(result.failures) or any(
            times.failure for times in result.times.values()
        )
        if options.json:  # after each tree, so that a stopped run leaves what it has
            text = json.dumps({**head, "trees": documents}, indent=1)
            options.json.write_text(text + "\n", "utf-8")
    return int(failed)


def find_tools(
    python: str, peers: Path | None, without: set[str]
) -> tuple[list[Tool], dict[str, str]]:
    """Return the tools that are here, and why each of the others is not."""
    if peers and (peers / "bin").is_dir():
        peers = peers / "bin"
    candidates = {tools.ROADWORTHY.name: tools.find_roadworthy(python)} | {
        kind.name: tools.find_peer(kind, peers)
        for kind in tools.PEERS
        if kind.name not in without
    }
    found = [tool for tool in candidates.values() if isinstance(tool, Tool)]
    missing = {n: why for n, why in candidates.items() if isinstance(why, str)}
    return [t for t in found if t.name not in without], missing


def print_head(head: dict[str, object]) -> None:
    """Print the machine and the tools, with their versions."""
    versions, missing = head["tools"], head["missing"]
    assert isinstance(versions, dict)
    assert isinstance(missing, dict)
    print("Blocking calls on the event loop: roadworthy and its peers")
    print(f"machine  {head['platform']}, {head['cores']} cores, load {head['load']}")
    print(f"tools    {', '.join(f'{name} {v}' for name, v in versions.items())}")
    for name, reason in missing.items():
        print(f"skipped  {name}: {reason}")
    print(f"runs     {head['runs']}, in turn; Python {head['python']}\n", flush=True)


def compare(
    target: Target,
    found: list[Tool],
    known: truth.Truth | None,
    timed: set[str],
    rounds: int,
    timeout: float,
) -> TreeResult:
    """Run every tool on a copy of a tree and put the results together."""
    first: dict[Tool, First] = {}
    failures: dict[str, str] = {}
    with tempfile.TemporaryDirectory(prefix="blockbench-") as scratch:
        base = Path(scratch).resolve()
        # The folder keeps its name: it may be a package, and names come from it.
        tree = base / "tree" / target.path.name
        _watch(f"{target.name}: copying")
        edit.copy_tree(target.path, tree)
        unread = {tool.name: tools.unreadable(tool, tree) for tool in found}
        workplace = timing.Workplace(
            tree, base / "homes", target.python, timeout, unread
        )
        for tool in found:
            _watch(f"{target.name}, first run: {tool.name}")
            try:
                done = workplace.run(tool, cold=True, sampled=True)
                sites = workplace.sites(tool, done)
            except (RunError, OutputError) as error:
                failures[tool.name] = str(error)
                continue
            first[tool] = First(sites, done.seconds, done.memory)
        times: dict[Tool, timing.Times] = {}
        edited: str | None = None
        if rounds and timed & {tool.name for tool in first}:
            times, edited = timing.in_turn(
                workplace,
                {tool: f.sites for tool, f in first.items() if tool.name in timed},
                rounds,
                lambda line: _watch(f"{target.name}, {line}"),
            )
        _watch("")
        return TreeResult(
            name=target.name,
            first={tool.name: run for tool, run in first.items()},
            failures=failures,
            times={tool.name: run for tool, run in times.items()},
            edited=edited,
            truth=known,
            absent=tuple(truth.absent_files(known, tree)) if known else (),
            unread={name: files for name, files in unread.items() if files},
        )


def _names(text: str) -> set[str]:
    return {name.strip() for name in text.split(",") if name.strip()}


def _watch(line: str) -> None:
    """Say on a terminal what is being done now."""
    if sys.stderr.isatty():
        sys.stderr.write(f"\r\x1b[K{line}")
        sys.stderr.flush()


if __name__ == "__main__":
    sys.exit(main())
