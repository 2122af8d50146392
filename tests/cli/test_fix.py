"""`roadworthy fix` at the command line: what it refuses before it reads anything."""

import pytest

from roadworthy.cli import FAILED, main


@pytest.mark.parametrize("flag", ["--deep", "--migrate-async-db"])
def test_what_changes_how_a_service_runs_is_asked_for_twice(service, capsys, flag):
    before = (service / "app" / "main.py").read_bytes()
    assert main(["fix", str(service), flag]) == FAILED
    assert f"{flag} changes how the service runs" in capsys.readouterr().err
    assert (service / "app" / "main.py").read_bytes() == before


@pytest.mark.parametrize("more", [["--diff"], ["--check"]])
def test_tests_are_not_run_where_nothing_is_changed(service, capsys, more):
    assert main(["fix", str(service), "--test", "pytest", *more]) == FAILED
    assert "--test needs a command" in capsys.readouterr().err
