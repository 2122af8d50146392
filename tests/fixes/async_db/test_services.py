"""Small synchronous services are migrated, and answer as before when they are run."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy

from roadworthy.findings import Report
from roadworthy.fixes import rounds, trial
from roadworthy.fixes.async_db import migrate
from roadworthy.project.config import load_settings

pytest.importorskip("aiosqlite")
pytest.importorskip("greenlet")

_POSTGRES = os.environ.get(
    "ROADWORTHY_TEST_POSTGRES", "postgresql://postgres@127.0.0.1:5432/postgres"
)
"""URL of a PostgreSQL server on which databases may be made."""
_HERE = Path(__file__).parent
_SERVICES = sorted((_HERE / "services").glob("*.txt"))
_PROBE = "probe.py"
"""The requests of a case, which its migration does not see."""
_LEFT = "left.txt"
"""What of a case cannot be converted: the findings that stay, parts of the reasons."""
_GONE = ("RW104", "RW302", "RW310", "RW311", "RW318")


def _lay_out(case: Path, folder: Path) -> None:
    """Write the files of a case, but for its probe: `=== path` begins each."""
    name = ""
    texts: dict[str, list[str]] = {}
    for line in case.read_text(encoding="utf-8").splitlines(keepends=True):
        if line.startswith("=== "):
            name = line[4:].strip()
            texts[name] = []
        else:
            texts[name].append(line)
    for name, lines in texts.items():
        if name in (_PROBE, _LEFT):
            continue
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text("".join(lines), encoding="utf-8")


def _run(
    folder: Path, *command: str, database: str = ""
) -> subprocess.CompletedProcess[str]:
    known = ("PATH", "HOME", "LANG", "SYSTEMROOT")
    environment = {k: v for k, v in os.environ.items() if k in known}
    if database:
        environment["DATABASE_URL"] = database
    return subprocess.run(
        [sys.executable, *command],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=120,
        env={**environment, "PYTHONPATH": str(folder)},
    )


def _answers(case: Path, folder: Path, database: str = "") -> str:
    probe = case.read_text(encoding="utf-8").rpartition(f"=== {_PROBE}\n")[2]
    (folder / _PROBE).write_text(probe, encoding="utf-8")
    shutil.copy(_HERE / "probing.py", folder / "probing.py")
    for left_over in folder.glob("*.db"):
        left_over.unlink()
    done = _run(folder, _PROBE, database=database)
    assert done.returncode == 0, done.stderr
    return done.stdout


def _tests(folder: Path) -> None:
    if not list(folder.rglob("test_*.py")):
        return
    done = _run(folder, "-m", "pytest", "-q", "-p", "no:cacheprovider")
    assert done.returncode == 0, done.stdout + done.stderr


def _migrate(folder: Path) -> rounds.Outcome:
    settings = replace(load_settings(folder), python=Path(sys.prefix), use_cache=False)
    wanted = rounds.Options(unsafe=True, select=("RW3",), rewrites=(migrate,))
    outcome = rounds.fix(settings, wanted)
    trial.put(settings.folder, dict(outcome.results))
    return outcome


def _findings(report: Report) -> list[str]:
    return [f"{f.rule} {f.path}" for f in report.findings if f.rule in _GONE]


def _expected(case: Path) -> tuple[list[str], list[str]]:
    """Return what a case says is left: findings (rule and file), and parts of reasons."""
    text = case.read_text(encoding="utf-8").partition(f"=== {_LEFT}\n")[2]
    lines = text.partition("\n=== ")[0].splitlines()
    findings = [line for line in lines if line.startswith("RW")]
    return findings, [line for line in lines if line and line not in findings]


@pytest.mark.parametrize("case", _SERVICES, ids=lambda case: case.stem)
def test_a_service_answers_as_before(case: Path, tmp_path: Path) -> None:
    before, after = tmp_path / "before", tmp_path / "after"
    for folder in (before, after):
        _lay_out(case, folder)
    outcome = _migrate(after)
    assert not outcome.refused
    assert outcome.results
    findings, left = _expected(case)
    assert sorted(_findings(outcome.after)) == sorted(findings)
    told = [f"{entry.path}: {entry.reason}" for entry in outcome.left]
    for part in left:
        assert any(part in entry for entry in told), (part, told)
    again = tmp_path / "again"
    shutil.copytree(after, again)
    assert not _migrate(again).results, "a second migration"
    expected = _answers(case, before)
    assert '"get"' in expected
    assert _answers(case, after) == expected
    _tests(before)
    _tests(after)


@pytest.fixture(scope="module")
def postgresql() -> None:
    """Skip where no server answers; in CI, where one has to, fail."""
    url = sqlalchemy.make_url(_POSTGRES).set(drivername="postgresql+psycopg")
    server = sqlalchemy.create_engine(url, connect_args={"connect_timeout": 5})
    try:
        server.connect().close()
    except sqlalchemy.exc.OperationalError as error:
        place = f"{url.host}:{url.port or 5432}"
        if os.environ.get("CI") == "true":
            pytest.fail(f"no PostgreSQL answers at {place}: {error.orig}")
        pytest.skip(f"no PostgreSQL answers at {place} (ROADWORTHY_TEST_POSTGRES)")
    finally:
        server.dispose()


def _new_database(name: str) -> None:
    """Make an empty database of the server that the tests are given."""
    url = sqlalchemy.make_url(_POSTGRES).set(drivername="postgresql+psycopg")
    server = sqlalchemy.create_engine(url, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(sqlalchemy.text(f'drop database if exists "{name}"'))
        connection.execute(sqlalchemy.text(f'create database "{name}"'))
    server.dispose()


def _drop_database(name: str) -> None:
    url = sqlalchemy.make_url(_POSTGRES).set(drivername="postgresql+psycopg")
    server = sqlalchemy.create_engine(url, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(sqlalchemy.text(f'drop database "{name}" with (force)'))
    server.dispose()


@pytest.mark.usefixtures("postgresql")
@pytest.mark.parametrize("driver", ["postgresql", "postgresql+psycopg"])
@pytest.mark.parametrize("name", ["active_record", "ledger", "members", "repositories"])
def test_a_service_answers_as_before_on_postgresql(
    name: str, driver: str, tmp_path: Path
) -> None:
    """`postgresql` is psycopg2 before and asyncpg after, where both are installed."""
    case = _HERE / "services" / f"{name}.txt"
    told = []
    for folder in (tmp_path / "before", tmp_path / "after"):
        _lay_out(case, folder)
        if folder.name == "after":
            assert not _migrate(folder).refused
        database = f"roadworthy_{name}_{folder.name}"
        _new_database(database)
        url = sqlalchemy.make_url(_POSTGRES).set(drivername=driver, database=database)
        try:
            shown = url.render_as_string(hide_password=False)
            told.append(_answers(case, folder, shown))
        finally:
            _drop_database(database)
    assert '"get"' in told[0]
    assert told[1] == told[0]
