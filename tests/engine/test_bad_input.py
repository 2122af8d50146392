"""Whatever lies in a folder, the good files are checked and the bad ones are named."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from roadworthy import cli
from roadworthy.types import TypeEngineUnavailable
from roadworthy.types import ty as ty_engine
from smallservice import (
    KNOWN,
    SERVICE,
    SETTINGS,
    Launch,
    Run,
    answer,
    found,
    is_cached,
    places,
    run,
)

FAKE_TY = Path(__file__).parents[1] / "types" / "fake_ty.py"

BAD: dict[str, tuple[bytes, int, str]] = {
    "broken": (b"x = 1\ndef broken(:\n", 2, "syntax error"),
    "latin": (b"# caf\xe9\nx = 1\n", 1, "is not UTF-8"),
    "utf16": ("x = 1\n".encode("utf-16"), 1, "is UTF-16"),
    "nul": (b"x = 1\ny = 2\0\n", 2, "NUL byte"),
    "large": (b"x = 1\n" * 1_666_667, 1, "larger than 5 MB"),
    "brackets": (b"x = " + b"(" * 5000 + b")" * 5000, 1, "nested too deeply"),
    "lists": (b"x = " + b"[" * 5000 + b"]" * 5000, 1, "nested too deeply"),
    "calls": (b"x = " + b"f(" * 5000 + b")" * 5000, 1, "nested too deeply"),
    "minus": (b"x = " + b"-" * 5000 + b"1", 1, "nested too deeply"),
    "attributes": (b"x = a" + b".b" * 5000, 1, "nested too deeply"),
    "sum": (b"x = " + b" + ".join([b"a"] * 5000), 1, "nested too deeply"),
    "lambdas": (b"x = " + b"lambda: " * 5000 + b"1", 1, "nested too deeply"),
    "choices": (
        b"if a: pass\n" + b"elif b: pass\n" * 5000,
        1,
        "nested too deeply",
    ),
    "indented": (
        b"".join(b" " * depth + b"if x:\n" for depth in range(2000)),
        1,
        "nested too deeply",
    ),
}
"""Name of a module, its content, the line that is told and a part of the message."""


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Launch], Run]:
    """Return a function that gives the one run over a folder with all bad files."""
    folder = tmp_path_factory.mktemp("bad")
    root = folder / "service"
    (root / ".git").mkdir(parents=True)
    (root / "pyproject.toml").write_text(SETTINGS)
    imports = "".join(f"import {name}\n" for name in BAD)
    (root / "main.py").write_text(SERVICE)
    (root / "importing.py").write_text(
        f"{imports}from fastapi import APIRouter\nrouter = APIRouter()\n"
    )
    for name, (content, _, _) in BAD.items():
        (root / f"{name}.py").write_bytes(content)
    if os.name != "nt":
        (root / "package").mkdir()
        (root / "package" / "again").symlink_to(root, target_is_directory=True)
        (root / "package" / "itself").symlink_to("itself")
        (root / "package" / "one.py").symlink_to("two.py")
        (root / "package" / "two.py").symlink_to("one.py")
        os.mkfifo(root / "pipe.py")
        (root / "folder.py").mkdir()
    done: list[Run] = []

    def run_once(launch: Launch) -> Run:
        if not done:
            done.append(launch(root, "--format=json"))
        return done[0]

    return run_once


@pytest.fixture
def bad(outcome: Callable[[Launch], Run], launch: Launch) -> Run:
    return outcome(launch)


def test_the_good_file_is_checked_beside_all_bad_ones(bad: Run) -> None:
    assert found(answer(bad)) == [KNOWN]
    assert bad.returncode == 1


@pytest.mark.parametrize("name", BAD)
def test_each_bad_file_is_named_with_what_to_do(bad: Run, name: str) -> None:
    _, line, part = BAD[name]
    unread = [u for u in answer(bad)["unread"] if u["path"] == f"{name}.py"]
    assert len(unread) == 1, unread
    assert part in unread[0]["message"]
    assert "`exclude`" in unread[0]["message"]
    if part != "nested too deeply":
        assert unread[0]["line"] == line


def test_nothing_else_is_unread(bad: Run) -> None:
    names = {u["path"] for u in answer(bad)["unread"]}
    others = {"package/one.py", "package/two.py", "package/itself", "pipe.py"}
    assert names - others == {f"{name}.py" for name in BAD}


def test_bad_files_are_shown_on_the_terminal(service: Path, launch: Launch) -> None:
    (service / "broken.py").write_bytes(BAD["broken"][0])
    done = launch(service)
    assert done.returncode == 1
    assert "main.py:10:5  RW303 error" in done.stdout
    assert "broken.py:2: syntax error" in done.stdout
    assert done.stderr == "" or done.stderr.startswith("roadworthy: note")


def test_a_folder_with_nothing_readable_is_2(tmp_path: Path, launch: Launch) -> None:
    root = tmp_path / "service"
    root.mkdir()
    (root / "broken.py").write_bytes(BAD["broken"][0])
    done = launch(root, "--format=json")
    (unread,) = answer(done)["unread"]
    assert (unread["path"], found(answer(done))) == ("broken.py", [])
    assert done.returncode == 2


@pytest.mark.parametrize(
    ("text", "line", "part"),
    [
        ("[project]\nname = \n", 2, "not TOML"),
        ("[project\n", 1, "not TOML"),
        ("a = 1\n\0", 2, "not TOML"),
        ("x = " + "[" * 5000 + "]" * 5000, 1, "not TOML"),
    ],
    ids=["value", "bracket", "NUL", "nesting"],
)
def test_a_broken_pyproject_is_2_and_the_code_is_checked(
    service: Path, launch: Launch, text: str, line: int, part: str
) -> None:
    (service / "pyproject.toml").write_text(text)
    done = launch(service, "--format=json", "--select=RW3")
    assert done.returncode == 2
    assert found(answer(done)) == [KNOWN]
    (unread,) = answer(done)["unread"]
    assert (unread["path"], unread["line"]) == ("pyproject.toml", line)
    assert part in unread["message"]
    assert f"{service / 'pyproject.toml'}:{line}: " in done.stderr


def test_a_pyproject_that_is_not_utf8(service: Path, launch: Launch) -> None:
    (service / "pyproject.toml").write_bytes(b"[project]\nname = 'caf\xe9'\n")
    done = launch(service, "--format=json", "--select=RW3")
    assert (done.returncode, found(answer(done))) == (2, [KNOWN])
    assert f"{service / 'pyproject.toml'}:2: not UTF-8" in done.stderr


def test_a_missing_path_is_2(tmp_path: Path, launch: Launch) -> None:
    done = launch(tmp_path / "nowhere")
    assert (done.returncode, done.stdout) == (2, "")
    assert f"{tmp_path / 'nowhere'}: no such file or folder" in done.stderr


def test_an_unknown_effect_of_the_user_is_2(service: Path, launch: Launch) -> None:
    (service / "pyproject.toml").write_text(
        "[[tool.roadworthy.effects]]\neffect = 'htpp'\ncalls = ['lib.go']\n"
    )
    done = launch(service)
    assert (done.returncode, done.stdout) == (2, "")
    assert f"{service / 'pyproject.toml'}:2: `effect` must be one of" in done.stderr


@pytest.mark.parametrize("place", ["nowhere", "empty", "file"])
def test_a_missing_or_broken_environment_is_said(
    service: Path, launch: Launch, tmp_path: Path, place: str
) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "file").write_text("no interpreter\n")
    python = tmp_path / place
    done = launch(service, "--format=json", f"--python={python}")
    assert (done.returncode, found(answer(done))) == (1, [KNOWN])
    assert f"roadworthy: note: --python {python}: " in done.stderr
    assert "may be missed" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_broken_environment_in_the_folder_is_said(
    service: Path, launch: Launch
) -> None:
    (service / ".venv").mkdir()
    (service / ".venv" / "pyvenv.cfg").write_bytes(b"\xff\0 = nonsense\n")
    done = launch(service, "--format=json")
    assert (done.returncode, found(answer(done))) == (1, [KNOWN])
    assert "note: " in done.stderr
    assert "may be missed" in done.stderr


def test_no_environment_is_said(service: Path, launch: Launch) -> None:
    done = launch(service, "--format=json")
    assert "note: no virtual environment found" in done.stderr
    # The report of the cache says it too.
    again = launch(service, "--format=json")
    assert answer(again)["stats"]["cached"] == 1
    assert again.stderr == done.stderr


NEEDS_TYPES = """

@app.get("/typed")
async def typed(thing) -> None:
    for one in thing.parts():
        one.execute("select 1")
"""


@pytest.fixture
def check(capsys: pytest.CaptureFixture[str]) -> Callable[..., Run]:
    """Return a function that runs the command in this process."""

    def check(*arguments: object) -> Run:
        given = ["check", *map(str, arguments)]
        status = cli.main(given)
        captured = capsys.readouterr()
        return Run(given, status, captured.out, captured.err)

    return check


def test_without_the_type_checker_the_rest_is_found(
    service: Path, check: Callable[..., Run], monkeypatch: pytest.MonkeyPatch
) -> None:
    (service / "main.py").write_text(SERVICE + NEEDS_TYPES)
    with monkeypatch.context() as patch:

        def find_none(root: Path) -> Path:
            raise TypeEngineUnavailable("the type checker ty is missing; install it")

        patch.setattr(ty_engine, "find_ty", find_none)
        done = check(service, "--format=json")
        assert (done.returncode, KNOWN in found(answer(done))) == (1, True)
        assert "note: the type checker ty is missing; install it; " in done.stderr
        assert "were left out" in done.stderr
    # What is missing today may be there tomorrow.
    assert not is_cached(run(service))


@pytest.mark.skipif(os.name == "nt", reason="the stand-in is a script")
@pytest.mark.parametrize(
    ("mode", "note"),
    [
        ("dies always", "was lost twice"),
        ("garbage", "was lost twice"),
        ("nonsense", "was lost twice"),
        ("good", ""),
    ],
)
def test_a_type_checker_that_dies_costs_its_answers_only(
    service: Path,
    check: Callable[..., Run],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    mode: str,
    note: str,
) -> None:
    (service / "main.py").write_text(SERVICE + NEEDS_TYPES)
    lives = tmp_path / "lives.txt"
    text = FAKE_TY.read_text().replace('MODE = "good"', f"MODE = {mode!r}")
    script = tmp_path / "ty"
    script.write_text(
        f"#!{sys.executable} -IS\n" + text.replace('"lives.txt"', repr(str(lives)))
    )
    script.chmod(0o755)
    monkeypatch.setattr(ty_engine, "find_ty", lambda root: script)
    done = check(service, "--format=json")
    assert (done.returncode, KNOWN in found(answer(done))) == (1, True)
    numbers = [int(line) for line in lives.read_text().split()]
    assert len(numbers) == (2 if note else 1)
    for number in numbers:
        with pytest.raises(ProcessLookupError):
            os.kill(number, 0)
    assert (f"{script} {note}" in done.stderr) is bool(note)
    assert ("were left out" in done.stderr) is bool(note)


@pytest.mark.skipif(os.name == "nt", reason="permissions differ")
def test_a_type_checker_that_cannot_be_started(
    service: Path,
    check: Callable[..., Run],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (service / "main.py").write_text(SERVICE + NEEDS_TYPES)
    script = tmp_path / "ty"
    script.write_text("no program\n")
    monkeypatch.setattr(ty_engine, "find_ty", lambda root: script)
    done = check(service, "--format=json")
    assert (done.returncode, KNOWN in found(answer(done))) == (1, True)
    assert f"note: the type checker {script} does not start" in done.stderr


def test_newer_syntax_than_the_interpreters_is_read(service: Path) -> None:
    (service / "newer.py").write_text("""\
import time

from fastapi import APIRouter

router = APIRouter()
type Name = str


def first[T](items: list[T]) -> T:
    try:
        return items[0]
    except IndexError, KeyError:
        time.sleep(1)
        raise


@router.get("/first")
async def read_first() -> str:
    return first([t"{router}"])
""")
    (service / "main.py").write_text(
        SERVICE + "\n\nfrom newer import router\n\napp.include_router(router)\n"
    )
    report = run(service)
    assert report.unread == ()
    assert KNOWN in places(report)
    assert ("RW303", "newer.py", 19) in places(report)


INCLUDES = "\n\nfrom other import router\n\napp.include_router(router)\n"


def chain(length: int) -> str:
    """Return a service in which a route blocks at the end of many calls."""
    links = "".join(
        f"def f{number}():\n    return f{number + 1}()\n\n\n"
        for number in range(length)
    )
    return (
        "import time\nfrom fastapi import APIRouter\n\nrouter = APIRouter()\n\n\n"
        f"{links}def f{length}():\n    time.sleep(1)\n\n\n"
        '@router.get("/far")\nasync def far():\n    f0()\n'
    )


def test_a_long_chain_of_calls_is_followed(service: Path) -> None:
    text = chain(30)
    (service / "other.py").write_text(text)
    (service / "main.py").write_text(SERVICE + INCLUDES)
    report = run(service)
    assert places(report) == [KNOWN, ("RW303", "other.py", text.count("\n"))]
    assert len(report.findings[1].chain) == 32


def test_a_chain_of_5000_calls_does_no_harm(service: Path) -> None:
    (service / "other.py").write_text(chain(5000))
    (service / "main.py").write_text(SERVICE + INCLUDES)
    report = run(service)
    assert report.unread == ()
    assert KNOWN in places(report)
