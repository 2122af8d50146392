"""A report is given again as long as nothing changed, and never when something did."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from roadworthy import engine
from roadworthy.project.cache import FOLDER
from roadworthy.project.config import Settings
from smallservice import (
    KNOWN,
    SERVICE,
    SETTINGS,
    Launch,
    answer,
    found,
    is_cached,
    places,
    run,
)

Spoil = Callable[[bytes], bytes]


def entries(root: Path) -> list[Path]:
    return sorted((root / FOLDER / "reports").glob("*/*.fact"))


def make_environment(folder: Path) -> Path:
    """Make what looks like a virtual environment; return its folder of packages."""
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    packages = folder / "lib" / f"python{version}" / "site-packages"
    packages.mkdir(parents=True)
    (folder / "pyvenv.cfg").write_text(f"home = /usr/bin\nversion = {version}.0\n")
    return packages


def test_a_second_run_gives_the_same_report(service: Path) -> None:
    first = run(service)
    second = run(service)
    assert not is_cached(first)
    assert is_cached(second)
    assert KNOWN in places(first)
    assert replace(second, stats={}) == replace(first, stats={})
    assert second.stats["routes"] == first.stats["routes"] == 1


def test_a_second_run_does_not_load_the_evaluator(service: Path) -> None:
    code = (
        "import sys\n"
        "from roadworthy.cli import main\n"
        "status = main(['check', sys.argv[1], '--format=json'])\n"
        "names = ('roadworthy.engine', 'roadworthy.analysis', 'roadworthy.values')\n"
        "print(status, *(n in sys.modules for n in names), file=sys.stderr)\n"
    )

    def loaded() -> tuple[str, str]:
        done = subprocess.run(
            [sys.executable, "-c", code, str(service)],
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stderr.splitlines()[-1], done.stdout.partition('"stats"')[0]

    cold, first = loaded()
    warm, second = loaded()
    assert cold == "1 True True True"
    assert warm == "1 True False False"
    assert second == first


def test_an_edited_file_gives_a_new_report(service: Path) -> None:
    run(service)
    (service / "main.py").write_text("\n" + SERVICE)
    edited = run(service)
    assert not is_cached(edited)
    assert ("RW303", "main.py", 11) in places(edited)
    (service / "main.py").write_text(SERVICE.replace("time.sleep(1)", "pass"))
    assert not {"RW303"} & {rule for rule, _, _ in places(run(service))}


def test_an_edit_of_the_same_size_gives_a_new_report(service: Path) -> None:
    run(service)
    file = service / "main.py"
    before = file.stat()
    file.write_text(SERVICE.replace("time.sleep(1)", "time.ctime(1)"))
    assert file.stat().st_size == before.st_size
    # However coarse the clock of the file system is.
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns + 1_000_000_000))
    assert KNOWN not in places(run(service))


def test_new_removed_and_renamed_files_give_new_reports(service: Path) -> None:
    run(service)
    other = service / "other.py"
    other.write_text("def broken(:\n")
    added = run(service)
    assert [unread.path for unread in added.unread] == ["other.py"]
    other.rename(service / "renamed.py")
    assert [unread.path for unread in run(service).unread] == ["renamed.py"]
    (service / "renamed.py").unlink()
    assert run(service).unread == ()


def test_a_report_of_before_serves_again(service: Path) -> None:
    run(service)
    other = service / "other.py"
    other.write_text("x = 1\n")
    run(service)
    other.unlink()
    assert is_cached(run(service))


@pytest.mark.parametrize(
    "changes",
    [
        {"select": ("RW1",)},
        {"ignore": ("RW303",)},
        {"exclude": ("*.txt",)},
        {"strict": True},
        {"tests": ()},
        {"extra_effects": ({"effect": "cpu", "calls": ["builtins.sorted"]},)},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_other_settings_give_another_report(
    service: Path, changes: dict[str, object]
) -> None:
    settings = Settings(root=service, select=("RW3",))
    engine.run(service, settings, None)
    other = replace(settings, **changes)
    assert not is_cached(engine.run(service, other, None))
    assert is_cached(engine.run(service, other, None))
    assert is_cached(engine.run(service, settings, None))


def test_extra_effects_take_effect_at_once(service: Path) -> None:
    call = service / "main.py"
    call.write_text(SERVICE.replace("time.sleep(1)", "time.ctime(1)"))
    assert KNOWN not in places(run(service))
    (service / "pyproject.toml").write_text(
        SETTINGS
        + "[[tool.roadworthy.effects]]\neffect = 'sleep'\ncalls = ['time.ctime']\n"
    )
    assert KNOWN in places(run(service))


def test_edited_requirements_give_another_report(service: Path) -> None:
    (service / "main.py").write_text(
        "from fastapi import FastAPI\nfrom pydantic import BaseModel\n\n"
        "app = FastAPI()\n\n\nclass A(BaseModel):\n    class Config:\n"
        "        orm_mode = True\n\n\n"
        '@app.get("/")\nasync def read(a: A) -> A:\n    return A(**a.dict())\n'
    )
    settings = Settings(root=service, select=("RW207",))
    (service / "requirements.txt").write_text("pydantic==2.7\n")
    assert places(engine.run(service, settings, None))
    (service / "requirements.txt").write_text("pydantic==1.10\n")
    assert not places(engine.run(service, settings, None))


def test_another_environment_gives_another_report(
    service: Path, tmp_path: Path
) -> None:
    packages = make_environment(tmp_path / "one")
    make_environment(tmp_path / "two")

    def checked(name: str) -> bool:
        settings = Settings(root=service, select=("RW3",), python=tmp_path / name)
        return is_cached(engine.run(service, settings, None))

    assert not is_cached(run(service))
    assert not checked("one")
    assert not checked("two")
    assert checked("one")
    (packages / "installed_meanwhile").mkdir()
    assert not checked("one")
    assert checked("two")


def test_a_single_file_and_its_folder_have_a_report_each(service: Path) -> None:
    (service / "other.py").write_text("def broken(:\n")
    assert len(run(service).unread) == 1
    single = run(service / "main.py")
    assert single.unread == ()
    assert KNOWN in places(single)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda data: b"",
        lambda data: data[:-1],
        lambda data: data[: len(data) // 2],
        lambda data: data[:20],
        lambda data: data[:-1] + bytes([data[-1] ^ 1]),
        lambda data: data.replace(b"RW303", b"RW304"),
        lambda data: bytes(range(256)) * 40,
    ],
    ids=["empty", "a byte short", "half", "head only", "bit", "edited", "other"],
)
def test_a_damaged_report_is_made_anew(service: Path, spoil: Spoil) -> None:
    first = run(service)
    (entry,) = entries(service)
    entry.write_bytes(spoil(entry.read_bytes()))
    second = run(service)
    assert not is_cached(second)
    assert places(second) == places(first)
    assert is_cached(run(service))


def test_a_report_that_someone_else_made_is_not_believed(
    service: Path, launch: Launch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "attacker"))
    assert KNOWN in found(answer(launch(service, "--format=json")))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "user"))
    data = answer(launch(service, "--format=json"))
    assert KNOWN in found(data)
    assert "cached" not in data["stats"]


def test_entries_that_are_folders_or_links_do_no_harm(
    service: Path, tmp_path: Path
) -> None:
    first = run(service)
    (entry,) = entries(service)
    entry.unlink()
    entry.mkdir()
    assert places(run(service)) == places(first)
    entry.rmdir()
    entry.symlink_to(tmp_path / "nowhere")
    assert places(run(service)) == places(first)


def test_two_runs_at_once_give_the_right_report(service: Path) -> None:
    command = [sys.executable, "-m", "roadworthy", "check", str(service)]
    runs = [
        subprocess.Popen(
            [*command, "--format=json"],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    for process in runs:
        out, err = process.communicate()
        assert process.returncode == 1, err
        done = subprocess.CompletedProcess[str](command, 1, out, err)
        assert KNOWN in found(answer(done))
    assert len(entries(service)) == 1
    assert not list((service / FOLDER).glob("**/*.tmp"))


KILLED_IN = {
    "analysis": (
        "def wait(*_):\n"
        "    print('here', flush=True)\n"
        "    time.sleep(60)\n"
        "engine.run(root, Settings(root=root), wait)\n"
    ),
    "writing": (
        "def wait(*_):\n"
        "    print('here', flush=True)\n"
        "    time.sleep(60)\n"
        "Cache.for_project(root).enabled\n"
        "Path.replace = wait\n"
        "engine.run(root, Settings(root=root), None)\n"
    ),
}


@pytest.mark.parametrize("moment", KILLED_IN)
def test_a_killed_run_leaves_a_usable_cache(service: Path, moment: str) -> None:
    code = (
        "import sys, time\n"
        "from pathlib import Path\n"
        "from roadworthy import engine\n"
        "from roadworthy.project.cache import Cache\n"
        "from roadworthy.project.config import Settings\n"
        f"root = Path({str(service)!r})\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code + KILLED_IN[moment]],
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "here\n"
        process.kill()
    assert entries(service) == []
    after = run(service)
    assert not is_cached(after)
    assert KNOWN in places(after)
    assert is_cached(run(service))


def test_without_the_cache_nothing_is_written(
    service: Path, launch: Launch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "user"))
    for _ in range(2):
        data = answer(launch(service, "--no-cache", "--format=json"))
        assert KNOWN in found(data)
        assert "cached" not in data["stats"]
    assert sorted(path.name for path in service.iterdir()) == [
        ".git",
        "main.py",
        "pyproject.toml",
    ]
    assert not (tmp_path / "user" / "roadworthy").exists()


def test_without_the_cache_a_kept_report_is_not_read(
    service: Path, launch: Launch
) -> None:
    launch(service)
    assert answer(launch(service, "--format=json"))["stats"]["cached"] == 1
    data = answer(launch(service, "--no-cache", "--format=json"))
    assert "cached" not in data["stats"]


@pytest.mark.skipif(
    os.name == "nt" or os.geteuid() == 0, reason="root may write everywhere"
)
def test_a_folder_that_cannot_be_written_is_checked_all_the_same(service: Path) -> None:
    service.chmod(0o555)
    try:
        assert KNOWN in places(run(service))
    finally:
        service.chmod(0o755)
