"""Measures the generated service on PostgreSQL: load, faults, contract.

    python benchmarks/service/measure.py load --template PATH:PYTHON --boilerplate PATH:PYTHON
    python benchmarks/service/measure.py faults
    python benchmarks/service/measure.py contract

Run it with the Python of an environment that has the service's dependencies, its extra
`postgres`, and for `contract` schemathesis. PostgreSQL and Redis are its own, in temporary
folders and on free ports; wrk (Debian: `apt install wrk`) makes the load.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import os
import platform
import signal
import statistics
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from servicebench import cache, contract, database, faults, process, targets, wrk
from servicebench.process import StartError
from servicebench.targets import Target

_HERE = Path(__file__).resolve().parent
_SERVICE = _HERE.parents[1] / "src" / "roadworthy" / "scaffold" / "service"

AIMS = {"read one": 2.0, "list 50": 3.0}
"""How many times the official template's requests a second the service aims at."""
OF_LIMIT = 0.5
"""The part of the limit that it aims at, on the same two."""


def main() -> int:
    """Measure what the first argument says; return 0 if all was as it should be."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(dest="command", required=True)
    for name in ("load", "faults", "contract"):
        command = commands.add_parser(name)
        command.add_argument(
            "--service", type=_target, default=_SERVICE, help="PATH[:PYTHON]"
        )
        command.add_argument("--json", type=Path, help="write the figures to a file")
        if name == "load":
            command.add_argument("--template", type=_target, help="PATH[:PYTHON]")
            command.add_argument("--boilerplate", type=_target, help="PATH[:PYTHON]")
            command.add_argument("--rounds", type=int, default=5)
            command.add_argument("--seconds", type=int, default=8, help="of each load")
            command.add_argument("--connections", type=int, default=32)
            command.add_argument("--workers", type=int, default=1)
        if name == "contract":
            command.add_argument("--examples", type=int, default=20_000)
            command.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    # Whoever stops it gets rid of its servers, too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    path, python = _with_python(options.service)
    try:
        if options.command == "load":
            return _load(options)
        if options.command == "faults":
            result = faults.measure(path, python, say=_say)
        else:
            result = contract.measure(
                path, python, options.examples, options.seed, say=_say
            )
    except (StartError, wrk.LoadError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    _write(options.json, result.figures)
    return 0 if result.good else 1


def _load(options: argparse.Namespace) -> int:
    chosen = []
    for kind in ("service", "template", "boilerplate", "limit"):
        given = options.service if kind == "limit" else getattr(options, kind)
        if given is not None:
            path, python = _with_python(given)
            chosen.append(Target(kind, path, python, options.workers))
    found: dict[str, dict[str, list[wrk.Load]]] = {
        target.kind: {name: [] for name in ("read one", "list 50", "create")}
        for target in chosen
    }
    _say(_machine(options))
    with database.postgres() as cluster, cache.redis() as redis:
        for number in range(options.rounds):
            # Side by side in each round, so that a busy minute hits all alike.
            for target in chosen:
                with targets.running(target, cluster, redis.url) as running:
                    for name, request in running.requests().items():
                        # Unmeasured, so that pools and caches are filled.
                        wrk.run(request, connections=options.connections, seconds=1)
                        before = process.cpu_seconds(running.session)
                        load = wrk.run(
                            request,
                            connections=options.connections,
                            seconds=options.seconds,
                        )
                        spent = process.cpu_seconds(running.session) - before
                        load = dataclasses.replace(
                            load, cpu=spent / load.requests * 1e3
                        )
                        found[target.kind][name].append(load)
                        _say(
                            f"round {number + 1}  {target.kind:<12} {name:<9}"
                            f"{load.rate:8.0f}/s  p50 {load.p50:6.1f} ms  "
                            f"p99 {load.p99:7.1f} ms  cpu {load.cpu:5.2f} ms  "
                            f"{load.failed} failed"
                        )
    good = _table(found)
    figures = {
        kind: {
            name: [dataclasses.asdict(load) for load in loads]
            for name, loads in names.items()
        }
        for kind, names in found.items()
    }
    _write(options.json, figures)
    return 0 if good else 1


def _table(found: Mapping[str, Mapping[str, Sequence[wrk.Load]]]) -> bool:
    _say("\nmedians over the rounds")
    _say(
        f"{'':<12} {'':<9} {'req/s':>8} {'p50 ms':>8} {'p99 ms':>8} {'cpu ms':>7} {'failed':>7}"
    )
    for kind, names in found.items():
        for name, loads in names.items():
            rate, p50, p99, cpu = (
                statistics.median(getattr(load, key) for load in loads)
                for key in ("rate", "p50", "p99", "cpu")
            )
            failed = sum(load.failed for load in loads)
            _say(
                f"{kind:<12} {name:<9} {rate:8.0f} {p50:8.1f} {p99:8.1f} {cpu:7.2f} {failed:7}"
            )
    _say("\nthe service, in times of the others: median of the ratios of each round")
    good = not any(load.failed for loads in found["service"].values() for load in loads)
    for kind in found:
        if kind == "service":
            continue
        for name, ratio, spent in _ratios(found["service"], found[kind]):
            aim = AIMS.get(name) if kind == "template" else None
            if kind == "limit" and name in AIMS:
                aim = OF_LIMIT
            verdict = ""
            if aim is not None:
                verdict = f"  aim {aim:g}: {'reached' if ratio >= aim else 'MISSED'}"
                good = good and ratio >= aim
            _say(
                f"{kind:<12} {name:<9} {ratio:8.2f}  (by processor time {spent:.2f}){verdict}"
            )
    return good


def _ratios(
    ours: Mapping[str, Sequence[wrk.Load]], theirs: Mapping[str, Sequence[wrk.Load]]
) -> Iterator[tuple[str, float, float]]:
    """Yield a request, and how many times theirs our rate is; by processor time, too.

    The second says what the rates would be if nothing but the service's own work counted.
    """
    for name, loads in ours.items():
        pairs = list(zip(loads, theirs[name], strict=True))
        rate = statistics.median(one.rate / other.rate for one, other in pairs)
        cpu = statistics.median(other.cpu / one.cpu for one, other in pairs)
        yield name, rate, cpu


def _machine(options: argparse.Namespace) -> str:
    return (
        f"{os.cpu_count()} processors, load average {os.getloadavg()[0]:.1f}, "
        f"{platform.system()}, Python {platform.python_version()}; "
        f"{options.workers} worker(s), {options.connections} connections, "
        f"{options.rounds} rounds of {options.seconds} s"
    )


def _target(text: str) -> str:
    path, python = _with_python(text)
    if not path.is_dir():
        raise argparse.ArgumentTypeError(f"{path} is not a folder")
    if not python.exists():
        raise argparse.ArgumentTypeError(f"{python} does not exist")
    return text


def _with_python(text: str | Path) -> tuple[Path, Path]:
    path, _, python = str(text).partition(":")
    return Path(path).resolve(), Path(python or sys.executable).absolute()


def _say(line: str) -> None:
    print(line, flush=True)


def _write(path: Path | None, figures: object) -> None:
    if path is not None:
        path.write_text(json.dumps(figures, indent=1) + "\n")


if __name__ == "__main__":
    sys.exit(main())
