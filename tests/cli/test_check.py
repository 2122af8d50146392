"""`roadworthy check`: flags, exit statuses and what goes where."""

import json
import os
import subprocess
import sys

import pytest

from roadworthy import cli
from roadworthy.findings import Report, Unread, Unresolved


def rules(output):
    return [finding["rule"] for finding in json.loads(output)["findings"]]


def test_nothing_found_is_0(engine, check, service):
    status, out, err = check(service)
    assert (status, err) == (0, "")
    assert out.startswith("Nothing found in 1 file (")


def test_findings_are_1(engine, check, service, finding):
    engine.report = Report(findings=(finding(),))
    status, out, _ = check(service)
    assert status == 1
    assert "app/main.py:3:1  RW301 error" in out
    assert "  3 | requests.get('/')" in out


@pytest.mark.parametrize(
    ("severity", "fail_on", "status"),
    [
        ("error", None, 1),
        ("warning", None, 1),
        ("advice", None, 0),
        ("advice", "advice", 1),
        ("warning", "error", 0),
        ("error", "error", 1),
        ("error", "never", 0),
    ],
)
def test_status_goes_by_fail_on(
    engine, check, service, finding, severity, fail_on, status
):
    engine.report = Report(findings=(finding(severity=severity),))
    flags = ["--fail-on", fail_on] if fail_on else []
    assert check(service, *flags)[0] == status


def test_json_goes_to_standard_output_alone(engine, check, service, finding):
    engine.report = Report(
        findings=(finding(severity="advice"),), notes=("no virtual environment",)
    )
    status, out, err = check(service, "--format", "json")
    assert status == 0
    assert rules(out) == ["RW301"]
    assert err == "roadworthy: note: no virtual environment\n"


@pytest.mark.parametrize(
    ("flags", "expected"),
    [
        ([], ["RW301", "RW302", "RW401"]),
        (["--select", "RW3"], ["RW301", "RW302"]),
        (["--select", "RW301,RW401"], ["RW301", "RW401"]),
        (["--select", "RW301", "--select", "RW401"], ["RW301", "RW401"]),
        (["--ignore", "RW30"], ["RW401"]),
        (["--select", "RW3", "--ignore", "RW302"], ["RW301"]),
        (["--select", "RW302", "--ignore", "RW3"], ["RW302"]),
    ],
)
def test_select_and_ignore(engine, check, service, finding, flags, expected):
    engine.report = Report(findings=tuple(map(finding, ("RW301", "RW302", "RW401"))))
    assert rules(check(service, "--format=json", *flags)[1]) == expected


@pytest.mark.parametrize(
    ("flags", "expected"),
    [
        (["--section", "3"], ["RW301", "RW302"]),
        (["--section", "4", "--section", "3"], ["RW301", "RW302", "RW401"]),
        (["--section", "4", "--select", "RW302"], ["RW302", "RW401"]),
        (["--section", "3", "--ignore", "RW302"], ["RW301"]),
    ],
)
def test_section(engine, check, service, finding, flags, expected):
    engine.report = Report(findings=tuple(map(finding, ("RW301", "RW302", "RW401"))))
    assert rules(check(service, "--format=json", *flags)[1]) == expected


def test_a_section_that_there_is_not_is_2(engine, check, service):
    status, _, err = check(service, "--section", "8")
    assert status == 2
    assert "--section" in err


def test_flags_win_over_the_file(engine, check, service, finding):
    (service / "pyproject.toml").write_text(
        "[tool.roadworthy]\n"
        'select = ["RW4"]\nignore = ["RW302"]\nfail-on = "never"\nexclude = ["a"]\n'
        'python = ".venv"\n'
    )
    engine.report = Report(findings=tuple(map(finding, ("RW301", "RW302", "RW401"))))
    status, out, _ = check(service, "--format=json")
    assert (status, rules(out)) == (0, ["RW401"])
    flags = ["--select=RW3", "--fail-on=error", "--exclude=b", "--no-cache", "--strict"]
    status, out, _ = check(service, "--format=json", *flags, "--python=/usr/x")
    assert (status, rules(out)) == (1, ["RW301", "RW302"])
    _, settings = engine.calls[-1]
    assert settings.exclude == ("a", "b")
    assert settings.use_cache is False
    assert settings.strict is True
    assert settings.python.as_posix() == "/usr/x"


def test_python_may_be_a_name(engine, check, service, monkeypatch):
    monkeypatch.setattr("shutil.which", lambda name: f"/opt/bin/{name}")
    check(service, "--python", "python3.12")
    assert engine.calls[0][1].python.as_posix() == "/opt/bin/python3.12"


@pytest.mark.parametrize("pattern", ["app/main.py", "app/", "main.py", "app/*"])
def test_per_file_ignores(engine, check, service, finding, pattern):
    (service / "pyproject.toml").write_text(
        f"[tool.roadworthy.per-file-ignores]\n'{pattern}' = ['RW30']\n"
    )
    engine.report = Report(findings=(finding(), finding("RW401")))
    assert rules(check(service, "--format=json")[1]) == ["RW401"]
    # From a folder below the file, the patterns mean the same paths.
    engine.report = Report(findings=(finding(path="main.py"),))
    assert rules(check(service / "app", "--format=json")[1]) == []


def test_comments_silence_and_unused_ones_are_found(engine, check, service, finding):
    source = "import requests  # noqa: RW302\n\nrequests.get('/')  # noqa: RW301\n"
    (service / "app" / "main.py").write_text(source)
    engine.report = Report(findings=(finding(),))
    status, out, _ = check(service, "--format=json")
    (unused,) = json.loads(out)["findings"]
    assert (unused["rule"], unused["line"]) == ("RW001", 1)
    assert status == 1
    assert json.loads(out)["stats"]["suppressed"] == 1
    assert rules(check(service, "--format=json", "--select=RW301")[1]) == []
    assert rules(check(service, "--format=json", "--ignore=RW0")[1]) == []


def test_findings_are_in_order_of_place(engine, check, service, finding):
    engine.report = Report(
        findings=(finding(path="b.py"), finding(line=9), finding(line=3))
    )
    places = [
        (f["path"], f["line"])
        for f in json.loads(check(service, "--format=json")[1])["findings"]
    ]
    assert places == [("app/main.py", 3), ("app/main.py", 9), ("b.py", 3)]


def test_unresolved_calls_are_listed_in_strict_runs_only(engine, check, service):
    engine.report = Report(
        findings=(), unresolved=(Unresolved("app/main.py", 3, 1, "x.y()"),)
    )
    assert "x.y()" not in check(service)[1]
    status, out, _ = check(service, "--strict")
    assert "app/main.py:3:1  x.y()" in out
    assert status == 0


def test_a_single_file(engine, check, service):
    status, out, _ = check(service / "app" / "main.py", "--format=json")
    assert status == 0
    assert json.loads(out)["stats"]["files"] == 1


def test_no_python_files_is_said(engine, check, tmp_path):
    (tmp_path / "empty").mkdir()
    status, out, _ = check(tmp_path / "empty")
    assert status == 0
    assert "no Python files at or below" in " ".join(out.split())


def test_missing_path_is_2(engine, check, tmp_path):
    status, out, err = check(tmp_path / "nowhere")
    assert (status, out) == (2, "")
    assert err == (
        f"roadworthy: {tmp_path / 'nowhere'}: no such file or folder; "
        "give the folder of the service\n"
    )


@pytest.mark.parametrize(
    ("flags", "part"),
    [
        (["--format", "xml"], "invalid choice: 'xml'"),
        (["--fail-on", "fatal"], "invalid choice: 'fatal'"),
        (["--select", "E501"], "`E501` is not a rule"),
        (["--selec", "RW3"], "unrecognized arguments: --selec"),
        (["one", "two"], "unrecognized arguments"),
    ],
)
def test_bad_arguments_are_2(engine, check, service, flags, part):
    status, out, err = check(service, *flags)
    assert (status, out) == (2, "")
    assert part in err


def test_wrong_setting_is_2_and_names_the_place(engine, check, service):
    (service / "pyproject.toml").write_text("[tool.roadworthy]\nstrict = 1\n")
    status, out, err = check(service)
    assert (status, out) == (2, "")
    assert f"{service / 'pyproject.toml'}:2: `strict` must be true or false" in err


def test_broken_toml_is_2_and_the_code_is_checked_all_the_same(
    engine, check, service, finding
):
    (service / "pyproject.toml").write_text("[project]\nname = \n")
    engine.report = Report(findings=(finding(),))
    status, out, err = check(service, "--format=json")
    assert status == 2
    assert rules(out) == ["RW301"]
    (unread,) = json.loads(out)["unread"]
    assert (unread["path"], unread["line"]) == ("pyproject.toml", 2)
    assert f"{service / 'pyproject.toml'}:2: not TOML" in err
    assert "default settings" in err


def test_unread_files_do_not_hide_the_others(engine, check, service, finding):
    engine.report = Report(
        findings=(finding(),), unread=(Unread("app/x.py", 7, "invalid syntax"),)
    )
    status, out, _ = check(service)
    assert status == 1
    assert "app/x.py:7: invalid syntax" in out
    assert "RW301" in out


def test_fault_of_the_tool_is_2_with_a_message(engine, check, service):
    engine.report = ZeroDivisionError("oh")
    status, out, err = check(service)
    assert (status, out) == (2, "")
    assert "roadworthy: internal error (ZeroDivisionError: oh)" in err
    assert "please report it" in err
    assert "Traceback" in err


def test_interruption_is_130(engine, check, service):
    engine.report = KeyboardInterrupt()
    status, _, err = check(service)
    assert status == 130
    assert "interrupted" in err


@pytest.mark.parametrize(
    ("terminal", "environ", "coloured"),
    [
        (True, {}, True),
        (False, {}, False),
        (True, {"NO_COLOR": "1"}, False),
        (True, {"NO_COLOR": ""}, True),
        (True, {"TERM": "dumb"}, False),
        (False, {"FORCE_COLOR": "1", "TERM": "dumb"}, True),
        (False, {"FORCE_COLOR": ""}, False),
        (True, {"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
    ],
)
def test_colour_on_a_terminal_unless_told_otherwise(
    engine, check, service, finding, monkeypatch, terminal, environ, coloured
):
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys.stdout, "isatty", lambda: terminal)
    engine.report = Report(findings=(finding(),))
    assert ("\x1b[" in check(service)[1]) is coloured


def test_statistics(engine, check, service):
    engine.report = Report(findings=(), stats={"routes": 7})
    assert "routes" not in check(service)[1]
    assert "\n  routes      7\n" in check(service, "--statistics")[1]


def test_cache_goes_into_the_checked_folder(engine, check, service):
    check(service, "--no-cache")
    assert not (service / ".roadworthy_cache").exists()
    check(service)
    assert (service / ".roadworthy_cache" / ".gitignore").is_file()


def test_version_and_help(capsys):
    for flag in ("--version", "--help"):
        with pytest.raises(SystemExit) as stop:
            cli.main([flag])
        assert stop.value.code == 0
    out = capsys.readouterr().out
    assert "roadworthy 0." in out
    assert "check" in out


def test_no_verb_is_2_with_help(capsys):
    assert cli.main([]) == 2
    assert "usage: roadworthy" in capsys.readouterr().err


def test_reader_that_leaves_early_is_no_fault(service):
    code = (
        "import sys, types, roadworthy\n"
        "from roadworthy.findings import Report\n"
        "engine = types.ModuleType('roadworthy.engine')\n"
        "notes = tuple(map(str, range(100_000)))\n"
        "engine.run = lambda *a: Report(findings=(), notes=notes)\n"
        "sys.modules['roadworthy.engine'] = roadworthy.engine = engine\n"
        "from roadworthy.cli import main\n"
        "sys.exit(main(['check', sys.argv[1], '--no-cache']))\n"
    )
    run = subprocess.Popen(
        [sys.executable, "-c", code, str(service)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    with run:
        assert run.stdout.readline().startswith(b"Nothing found")
        run.stdout.close()
        assert run.stderr.read() == b""


def test_a_json_run_imports_nothing_that_is_slow_to_import(service):
    code = (
        "import sys, types, roadworthy\n"
        "from roadworthy.findings import Report\n"
        "engine = types.ModuleType('roadworthy.engine')\n"
        "engine.run = lambda *a: Report(findings=())\n"
        "sys.modules['roadworthy.engine'] = roadworthy.engine = engine\n"
        "from roadworthy.cli import main\n"
        "main(['check', sys.argv[1], '--no-cache', '--format=json'])\n"
        "slow = {'asyncio', 'email', 'http', 'platformdirs', 'textwrap'}\n"
        "sys.exit(', '.join(slow & set(sys.modules)) or 0)\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", code, str(service)],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        check=False,
    )
    assert run.stderr == ""
    assert json.loads(run.stdout)["version"] == 1


def test_path_that_cannot_be_a_file_name_is_2(engine, check):
    status, out, err = check("x" * 5000)
    assert (status, out) == (2, "")
    assert "cannot be looked at" in err
