"""The example service: it works, and roadworthy finds what is wrong with it."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

BOOKSHOP = Path(__file__).parents[2] / "examples" / "bookshop"

EXPECTED = {
    ("RW302", "app/api/deps.py", "customers.by_email(credentials.username)"),
    ("RW306", "app/api/deps.py", "verify_password("),
    ("RW302", "app/api/v1/books.py", "books.get(book_id)"),
    ("RW306", "app/api/v1/customers.py", "hash_password(credentials.password)"),
    ("RW302", "app/api/v1/customers.py", "customers.add(Customer("),
    # One call on the loop, below which lie a query, a payment and a sleep.
    ("RW30x", "app/api/v1/orders.py", "ordering.place("),
    ("RW302", "app/main.py", "audit.record("),
    ("RW304", "app/main.py", "open(settings.genres_file"),
    ("RW308", "app/services/mail.py", "send(to, "),
    ("RW304", "app/services/ordering.py", "source.write_text("),
    ("RW305", "app/services/ordering.py", "subprocess.run("),
}
"""Rule, file and part of the line of each fault (RW30x: whichever comes first)."""


def test_service_starts():
    code = "from app.main import app; print(sorted(app.openapi()['paths']))"
    run = subprocess.run(
        [sys.executable, "-c", code],
        cwd=BOOKSHOP,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.stderr == ""
    assert "'/api/v1/orders'" in run.stdout


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    from roadworthy.engine import run
    from roadworthy.project.config import Settings

    folder = tmp_path_factory.mktemp("example") / "bookshop"
    shutil.copytree(
        BOOKSHOP, folder, ignore=shutil.ignore_patterns(".*", "__pycache__", "*.db")
    )
    settings = Settings(
        root=folder,
        python=Path(sys.prefix),
        use_cache=False,
        select=("RW30",),
    )
    return run(folder, settings, None)


def test_every_fault_is_found_where_it_stands(report):
    found = set()
    for finding in report.findings:
        text = (BOOKSHOP / finding.path).read_text("utf-8")
        found.add((finding.rule, finding.path, text.splitlines()[finding.line - 1]))
    missed = {
        expected
        for expected in EXPECTED
        if not any(
            rule.startswith(expected[0].removesuffix("x"))
            and path == expected[1]
            and expected[2] in line
            for rule, path, line in found
        )
    }
    extra = {
        (rule, path, line)
        for rule, path, line in found
        if not any(
            rule.startswith(expected[0].removesuffix("x"))
            and path == expected[1]
            and expected[2] in line
            for expected in EXPECTED
        )
    }
    assert (missed, extra) == (set(), set())


def test_start_only_work_is_a_warning_and_all_other_faults_name_their_entry(report):
    severities = {f.path: f.severity for f in report.findings if f.rule == "RW304"}
    assert severities["app/main.py"] == "warning"
    assert all(finding.entry for finding in report.findings)
