"""After an edit the answer is that of a run that knows nothing of runs before."""

from __future__ import annotations

import random
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from roadworthy import engine
from roadworthy.findings import Report
from roadworthy.project.cache import FOLDER
from roadworthy.project.config import Settings
from roadworthy.syntax import store as store_module
from roadworthy.syntax import worker
from roadworthy.syntax.store import CodeStore

BOOKSHOP = Path(__file__).parents[2] / "examples" / "bookshop"
_LOOP = tuple(f"RW30{number}" for number in range(1, 9))

_STATEMENTS = (
    "pass",
    "_edit = 1",
    "import time; time.sleep(1)",
    "open('edited').read()",
    "return None",
    "import requests; requests.get('http://localhost')",
    "# nothing but a comment",
    "if True: import subprocess; subprocess.run(['ls'])",
)


def check(root: Path, *, use_cache: bool) -> Report:
    """Return the report of the event-loop rules, types by names alone."""
    settings = Settings(root=root, select=_LOOP, use_cache=use_cache)
    return engine.run(root, settings, None)


def findings(report: Report) -> tuple[object, ...]:
    """Return all that a report says, the figures on the run left out."""
    return report.findings, report.unread, report.unresolved


def edit(source: str, chance: random.Random) -> str:
    """Insert a statement below a statement of a function, or delete a blank line."""
    lines = source.split("\n")
    inside = [
        number
        for number, line in enumerate(lines)
        if line.startswith("    ") and line.rstrip().endswith(("()", ")", "]", '"'))
    ]
    blank = [number for number, line in enumerate(lines) if not line.strip()]
    if not inside or (blank and chance.random() < 0.2):
        if blank:
            del lines[chance.choice(blank)]
        return "\n".join(lines)
    number = chance.choice(inside)
    indent = len(lines[number]) - len(lines[number].lstrip())
    lines.insert(number + 1, " " * indent + chance.choice(_STATEMENTS))
    return "\n".join(lines)


@pytest.mark.parametrize("seed", range(4))
def test_an_edited_run_says_what_a_cold_run_says(tmp_path: Path, seed: int) -> None:
    root = tmp_path / "bookshop"
    shutil.copytree(BOOKSHOP, root, ignore=shutil.ignore_patterns(FOLDER, ".venv"))
    chance = random.Random(seed)
    files = sorted(root.rglob("*.py"))
    told = {findings(check(root, use_cache=True))}
    for _ in range(3):
        for file in chance.sample(files, 2):
            # An edit may break the file: it must then be told as unread both times.
            file.write_text(edit(file.read_text("utf-8"), chance), "utf-8")
        edited = check(root, use_cache=True)
        assert not edited.stats.get("cached")
        assert findings(edited) == findings(check(root, use_cache=False))
        told.add(findings(edited))
    assert len(told) > 1, "the edits changed nothing: they tested nothing"


def kept(root: Path) -> list[Path]:
    return sorted((root / FOLDER / "code").glob("*/*.fact"))


def test_code_that_a_former_run_lowered_is_not_lowered_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tmp_path / "bookshop"
    shutil.copytree(BOOKSHOP, root, ignore=shutil.ignore_patterns(FOLDER, ".venv"))
    first = check(root, use_cache=True)
    assert len(kept(root)) >= 10
    lowered: list[object] = []

    def counted(source: object) -> object:
        lowered.append(source)
        return worker.lower_tree(source)  # type: ignore[arg-type]

    monkeypatch.setattr(store_module, "lower_tree", counted)
    main = root / "app" / "main.py"
    main.write_text(main.read_text("utf-8") + "\n# another line\n", "utf-8")
    second = check(root, use_cache=True)
    assert not second.stats.get("cached")
    assert len(lowered) == 1
    assert findings(second) == findings(first)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda data: b"",
        lambda data: data[: len(data) // 2],
        lambda data: data[:-1] + bytes([data[-1] ^ 1]),
    ],
    ids=["empty", "half", "one bit"],
)
def test_spoilt_code_is_lowered_anew(
    tmp_path: Path, spoil: Callable[[bytes], bytes]
) -> None:
    root = tmp_path / "bookshop"
    shutil.copytree(BOOKSHOP, root, ignore=shutil.ignore_patterns(FOLDER, ".venv"))
    first = check(root, use_cache=True)
    sound = {path: path.read_bytes() for path in kept(root)}
    for path, data in sound.items():
        path.write_bytes(spoil(data))
    for path in (root / FOLDER / "reports").glob("*/*.fact"):
        path.unlink()
    second = check(root, use_cache=True)
    assert findings(second) == findings(first)
    assert {path: path.read_bytes() for path in kept(root)} == sound


def test_runs_at_once_and_killed_ones_leave_a_sound_cache(tmp_path: Path) -> None:
    root = tmp_path / "bookshop"
    shutil.copytree(BOOKSHOP, root, ignore=shutil.ignore_patterns(FOLDER, ".venv"))
    code = (
        "import sys; sys.path[:0] = sys.argv[2:]\n"
        "from roadworthy.cli import main\n"
        "sys.exit(main(['check', sys.argv[1], '--format=json', '--select=RW30']))\n"
    )
    folder = str(Path(engine.__file__).parents[1])
    runs = [
        subprocess.Popen(
            [sys.executable, "-c", code, str(root), folder],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for _ in range(3)
    ]
    time.sleep(0.3)
    runs[0].kill()
    for one in runs:
        one.wait()
    report = check(root, use_cache=True)
    assert findings(report) == findings(check(root, use_cache=False))
    assert not [note for note in report.notes if "damaged" in note]


def test_a_changed_file_is_not_kept_under_its_former_content(tmp_path: Path) -> None:
    file = tmp_path / "a.py"
    file.write_text("x = 1\n")
    ahead = worker.Ahead([file])
    try:
        file.write_text("y = 'another'\n")
        code = CodeStore().code(file, False, ahead)
    finally:
        ahead.close()
    assert code == worker.lower_file(file)
