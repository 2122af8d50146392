"""The proof of `fix --unsafe --migrate-async-db`: a service's own tests, before and after.

    python benchmarks/fixes/migrate.py PATH --python PY --database URL

copies the repository around PATH, runs the service's tests in the copy against a new
database, migrates the copy, and runs the same tests against another new database. It
prints what passed, what `check` finds before and after, and how many lines were changed
by the tool and by hand. PY is an interpreter that has the service's requirements, and
SQLAlchemy's `asyncio` extra; URL names a database that may be dropped and made anew.

Where PY is older than the service's syntax, the copy is first written in older syntax
(`except (A, B):`, quoted annotations); the lines are counted, and are the same before and
after.
"""

from __future__ import annotations

import argparse
import ast
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree

_HERE = Path(__file__).resolve()
_SOURCE = _HERE.parents[2] / "src"
_SKIPPED = shutil.ignore_patterns(
    ".git", "node_modules", ".venv", "venv", "__pycache__", ".pytest_cache", "frontend"
)
_RULES = ("RW104", "RW302", "RW310")
_EXCEPT = re.compile(r"^(\s*except )([\w.]+(?:, ?[\w.]+)+)(:)", re.MULTILINE)
_NEW_DATABASE = """
import sys
from sqlalchemy import create_engine, make_url, text
url = make_url(sys.argv[1])
if url.drivername == "postgresql":
    url = url.set(drivername="postgresql+psycopg")
maintenance = create_engine(url.set(database="postgres"), isolation_level="AUTOCOMMIT")
with maintenance.connect() as connection:
    connection.execute(text(f'drop database if exists "{url.database}"'))
    connection.execute(text(f'create database "{url.database}"'))
"""


def main() -> int:
    """Print the figures of one service; 0 if its tests pass and nothing is found."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("path", type=Path, help="folder of the service")
    parser.add_argument("--python", type=Path, required=True)
    parser.add_argument("--database", required=True, metavar="URL")
    parser.add_argument("--tests", default="tests", help="what pytest is given")
    parser.add_argument("--keep", type=Path, help="keep the migrated copy here")
    options = parser.parse_args()
    options.python = options.python.absolute()
    with tempfile.TemporaryDirectory(prefix="migrate-") as temporary:
        top = options.keep or Path(temporary) / "service"
        folder = _copy(options.path.resolve(), top)
        return _prove(folder, options)


def _prove(folder: Path, options: argparse.Namespace) -> int:
    older = 0
    if _minor_version(options.python) < 14:
        older = sum(_in_older_syntax(path) for path in _modules(folder))
    print(f"lines in older syntax for this interpreter: {older}")
    before = _run_tests(folder, options)
    print(f"tests before: {_told(before)}")
    found = _check(folder, options.python)
    print(f"findings before: {_rules(found)}")
    texts = {path: path.read_text(encoding="utf-8") for path in _texts(folder)}
    started = time.perf_counter()
    done = _roadworthy(folder, "fix", options.python, "--unsafe", "--migrate-async-db")
    print(f"migrated in {time.perf_counter() - started:.1f} s")
    for line in done.stdout.splitlines():
        if line.startswith(("Fixed", "left", "Left")) or " left " in line:
            print(f"  {line}")
    changed = {
        path: path.read_text(encoding="utf-8")
        for path in _texts(folder)
        if texts.get(path) != path.read_text(encoding="utf-8")
    }
    added, removed = _lines(texts, changed)
    print(f"changed by the tool: {len(changed)} files, +{added} -{removed} lines")
    print("changed by hand: 0 lines")
    after = _run_tests(folder, options)
    print(f"tests after: {_told(after)}")
    left = _check(folder, options.python)
    print(f"findings after: {_rules(left)}")
    again = _roadworthy(
        folder, "fix", options.python, "--unsafe", "--migrate-async-db", "--check"
    )
    print(
        f"a second run changes: {'nothing' if again.returncode == 0 else 'something'}"
    )
    failed = (
        before["failed"] + after["failed"] + int(before["passed"] != after["passed"])
    )
    still = sum(left[rule] for rule in _RULES)
    return 1 if failed or still or again.returncode else 0


def _copy(path: Path, top: Path) -> Path:
    """Copy the repository around a folder; return the folder's counterpart."""
    repository = path
    for candidate in (path, *path.parents):
        if (candidate / ".git").exists():
            repository = candidate
            break
    shutil.copytree(repository, top, symlinks=True, ignore=_SKIPPED)
    (top / ".git").mkdir(exist_ok=True)
    folder = top / path.relative_to(repository)
    for frontend in path.rglob("frontend"):
        if frontend.is_dir() and "node_modules" not in frontend.parts:
            (folder / frontend.relative_to(path)).mkdir(exist_ok=True)
    # A folder of built pages that the service mounts.
    (folder / "app" / "frontend").mkdir(parents=True, exist_ok=True)
    return folder


def _modules(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.py"))


def _texts(folder: Path) -> list[Path]:
    return [
        path
        for pattern in ("*.py", "*.toml", "*.txt", "*.ini")
        for path in sorted(folder.rglob(pattern))
    ]


def _minor_version(python: Path) -> int:
    done = subprocess.run(
        [python, "-c", "import sys; print(sys.version_info[1])"],
        capture_output=True,
        text=True,
        check=True,
    )
    return int(done.stdout)


def _in_older_syntax(path: Path) -> int:
    """Write a module in older syntax; return how many lines that took."""
    text = path.read_text(encoding="utf-8")
    text, count = _EXCEPT.subn(r"\1(\2)\3", text)
    lines = text.split("\n")
    for line, start, end in _early_annotations(text):
        content = lines[line - 1]
        quoted = re.sub(r"(\w+)(?=\])|^(\w+)$", r'"\1\2"', content[start:end], count=1)
        lines[line - 1] = content[:start] + quoted + content[end:]
        count += 1
    if count:
        path.write_text("\n".join(lines), encoding="utf-8")
    return count


def _early_annotations(text: str) -> list[tuple[int, int, int]]:
    """Return line and columns of annotations of fields that name a class defined later."""
    try:
        tree = ast.parse(text)
    except SyntaxError:
        return []
    defined = {s.name: s.lineno for s in tree.body if isinstance(s, ast.ClassDef)}
    found = []
    for cls in tree.body:
        if not isinstance(cls, ast.ClassDef):
            continue
        for statement in cls.body:
            if not isinstance(statement, ast.AnnAssign):
                continue
            annotation = statement.annotation
            names = {n.id for n in ast.walk(annotation) if isinstance(n, ast.Name)}
            if any(defined.get(name, 0) >= cls.lineno for name in names):
                end = annotation.end_col_offset or 0
                found.append((annotation.lineno, annotation.col_offset, end))
    return found


def _environment(folder: Path, database: str) -> dict[str, str]:
    known = ("PATH", "HOME", "LANG")
    return {
        **{name: value for name, value in os.environ.items() if name in known},
        "PYTHONPATH": str(folder),
        "DATABASE_URL": database,
        "FASTAPI_ENV": "development",
    }


def _run_tests(folder: Path, options: argparse.Namespace) -> Counter[str]:
    """Run the service's tests against a new database; return how many did what."""
    environment = _environment(folder, options.database)
    python = str(options.python)
    subprocess.run([python, "-c", _NEW_DATABASE, options.database], check=True)
    if (folder / "alembic.ini").exists():
        _must([python, "-m", "alembic", "upgrade", "head"], folder, environment)
    for script in ("app/backend_pre_start.py", "app/initial_data.py"):
        if (folder / script).exists():
            _must([python, script], folder, environment)
    report = folder / "report.xml"
    done = subprocess.run(
        [python, "-m", "pytest", "-q", f"--junitxml={report}", options.tests],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
    )
    told = Counter[str]()
    for case in ElementTree.parse(report).iter("testcase"):
        bad = case.find("failure") is not None or case.find("error") is not None
        skipped = case.find("skipped") is not None
        told["failed" if bad else "skipped" if skipped else "passed"] += 1
    report.unlink()
    if told["failed"]:
        sys.stderr.write(done.stdout[-4000:])
    return told


def _must(command: list[str], folder: Path, environment: dict[str, str]) -> None:
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True
    )
    if done.returncode:
        raise SystemExit(f"{' '.join(command[1:])} failed:\n{done.stderr[-2000:]}")


def _told(told: Counter[str]) -> str:
    return ", ".join(f"{told[what]} {what}" for what in ("passed", "failed", "skipped"))


def _roadworthy(
    folder: Path, verb: str, python: Path, *flags: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [
            *(sys.executable, "-m", "roadworthy", verb, str(folder)),
            *("--python", str(python), "--no-cache", *flags),
        ],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(_SOURCE)},
    )


def _check(folder: Path, python: Path) -> Counter[str]:
    done = _roadworthy(folder, "check", python, "--format", "json")
    return Counter(f["rule"] for f in json.loads(done.stdout)["findings"])


def _rules(found: Counter[str]) -> str:
    loop = sum(n for rule, n in found.items() if rule.startswith(("RW30", "RW31")))
    shown = ", ".join(f"{rule} {found[rule]}" for rule in _RULES)
    return f"{shown}; the event loop in all {loop}; all rules {sum(found.values())}"


def _lines(texts: dict[Path, str], changed: dict[Path, str]) -> tuple[int, int]:
    import difflib

    added = removed = 0
    for path, text in changed.items():
        old = texts.get(path, "").splitlines()
        for line in difflib.unified_diff(old, text.splitlines(), n=0, lineterm=""):
            if line.startswith("+") and not line.startswith("+++"):
                added += 1
            elif line.startswith("-") and not line.startswith("---"):
                removed += 1
    return added, removed


if __name__ == "__main__":
    raise SystemExit(main())
