"""No mutilated service makes a run fail."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from casefile import read_case
from roadworthy import engine
from roadworthy.project.config import Settings
from roadworthy.types import TypeEngineUnavailable
from roadworthy.types import ty as ty_engine

CASES = Path(__file__).parents[1] / "cases"
FILES = sorted(CASES.glob("*/*.py"))

_TOKEN = re.compile(r"\s+|\w+|[^\w\s]")
_NAME = re.compile(r"[^\W\d]\w*")

positions = st.integers(min_value=0, max_value=10_000)
changes = st.tuples(
    st.sampled_from(["line", "token", "name"]),
    st.sampled_from(["delete", "duplicate", "swap", "replace"]),
    positions,
    positions,
)


def change(text: str, unit: str, kind: str, first: int, second: int) -> str:
    """Change a piece of some text: a line, a token or a name."""
    parts = text.splitlines(keepends=True) if unit == "line" else _TOKEN.findall(text)
    places = range(len(parts))
    if unit == "name":
        chosen = [place for place in places if _NAME.fullmatch(parts[place])]
    else:
        chosen = list(places)
    if not chosen:
        return text
    here = chosen[first % len(chosen)]
    there = chosen[second % len(chosen)]
    match kind:
        case "delete":
            del parts[here]
        case "duplicate":
            parts.insert(there, parts[here])
        case "swap":
            parts[here], parts[there] = parts[there], parts[here]
        case _:
            parts[here] = parts[there]
    return "".join(parts)


@pytest.fixture(scope="module", autouse=True)
def no_type_checker() -> Iterator[None]:
    """Leave the type checker out: it is another program, and slow to start."""

    def find_none(root: Path) -> Path:
        raise TypeEngineUnavailable("left out")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ty_engine, "find_ty", find_none)
        yield


@pytest.mark.parametrize("strict", [False, True])
@given(file=st.sampled_from(FILES), made=st.lists(changes, min_size=1, max_size=6))
# A module without its `router`: the package that imports it ends in a circle.
@example(
    file=CASES / "applications" / "include_in_loop.py",
    made=[("token", "delete", 0, 1)],
)
@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_no_mutilated_service_makes_a_run_fail(
    strict: bool, file: Path, made: list[tuple[str, str, int, int]]
) -> None:
    modules = dict(read_case(file).modules)
    paths = sorted(path for path in modules if path.endswith(".py"))
    for unit, kind, first, second in made:
        path = paths[(first + second) % len(paths)]
        modules[path] = change(modules[path], unit, kind, first, second)
    # The event loop's rules alone in one run, all rules in the other.
    select = () if strict else ("RW30",)
    root = Path(tempfile.mkdtemp())
    try:
        (root / ".git").mkdir()
        for path, text in modules.items():
            target = root / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8")
        wanted = Settings(root=root, select=select, strict=strict, use_cache=False)
        report = engine.run(root, wanted, None)
    finally:
        shutil.rmtree(root)
    assert not [note for note in report.notes if "fault of roadworthy" in note]
    told = {unread.path for unread in report.unread}
    assert told <= modules.keys()
    assert not told & {finding.path for finding in report.findings}
    for finding in report.findings:
        lines = modules[finding.path].count("\n") + 1
        assert 1 <= finding.line <= finding.end_line <= lines
        assert finding.column >= 1
