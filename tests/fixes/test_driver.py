"""The driver: what it changes, what it leaves byte for byte, what it takes back."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from roadworthy.fixes import documents, rounds
from roadworthy.fixes.documents import Unwritable
from roadworthy.fixes.rounds import Options
from roadworthy.fixes.trial import put
from roadworthy.project.config import Settings

Run = Callable[..., tuple[int, str, str]]

LEGACY = """\
from typing import Optional

from fastapi import FastAPI

app = FastAPI()


@app.get("/")
async def root(name: Optional[str] = None) -> str:
    return name or ""
"""
FIXED = LEGACY.replace("from typing import Optional\n\n", "").replace(
    "Optional[str]", "str | None"
)
APP = "from fastapi import FastAPI\n\napp = FastAPI()\n"


def outcome(root: Path, *codes: str, unsafe: bool = False) -> rounds.Outcome:
    settings = Settings(root=root, select=codes, use_cache=False)
    return rounds.fix(settings, Options(unsafe=unsafe))


def test_a_fix_is_applied_told_and_a_second_run_changes_nothing(
    service: Path, fix: Run
) -> None:
    file = service / "main.py"
    file.write_text(LEGACY)

    status, out, _ = fix(service)

    assert status == 0
    assert file.read_text() == FIXED
    assert "main.py:9  RW102 legacy-typing" in out
    assert "Fixed 1 finding in 1 file: RW102 1." in out
    before = file.stat()
    status, out, _ = fix(service)
    assert (status, "Nothing to fix." in out) == (0, True)
    assert file.stat().st_mtime_ns == before.st_mtime_ns


def test_diff_and_check_change_nothing(service: Path, fix: Run) -> None:
    file = service / "main.py"
    file.write_text(LEGACY)

    status, out, err = fix(service, "--diff")

    assert status == 0
    assert "-async def root(name: Optional[str] = None) -> str:\n" in out
    assert "+async def root(name: str | None = None) -> str:\n" in out
    assert out.startswith("--- a/main.py\n+++ b/main.py\n")
    assert "Would fix 1 finding" in err
    assert fix(service, "--check")[0] == 1
    assert file.read_text() == LEGACY
    file.write_text(FIXED)
    assert fix(service, "--check")[0] == 0


def test_select_and_ignore_choose_what_is_fixed(service: Path, fix: Run) -> None:
    (service / "main.py").write_text(LEGACY)

    assert "Nothing to fix." in fix(service, "--select", "RW3")[1]
    assert "Nothing to fix." in fix(service, "--ignore", "RW102")[1]
    assert "Fixed 1 finding" in fix(service, "--select", "RW10")[1]


def test_unsafe_fixes_wait_for_unsafe_and_come_with_their_warning(
    service: Path, fix: Run, give_fixes: Callable[..., None]
) -> None:
    give_fixes({"old": "new"}, safe=False)
    (service / "main.py").write_text(f"{APP}old = 1\n")

    out = fix(service, "--select", "RW999")[1]

    assert "1 finding more with `--unsafe`: RW999 1." in out
    assert "it may differ" in out
    out = fix(service, "--select", "RW999", "--unsafe")[1]
    assert "RW999 word  unsafe\n  warning: it may differ" in out
    assert (service / "main.py").read_text() == f"{APP}new = 1\n"


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_line_ends_and_byte_order_mark_stay(
    service: Path, end: str, mark: bytes
) -> None:
    file = service / "main.py"
    odd = LEGACY + "\n\nodd = {  'a':1 }  # as it is\x0c\n"
    file.write_bytes(mark + odd.replace("\n", end).encode())

    results = outcome(service, "RW102").results

    wanted = FIXED + "\n\nodd = {  'a':1 }  # as it is\x0c\n"
    assert results == {"main.py": mark + wanted.replace("\n", end).encode()}


def test_mixed_line_ends_stay_each_as_it_is(service: Path) -> None:
    text = LEGACY.replace("app = FastAPI()\n", "app = FastAPI()\r\n")
    (service / "main.py").write_bytes(text.encode())

    results = outcome(service, "RW102").results

    assert results["main.py"].count(b"\r\n") == 1
    assert b"app = FastAPI()\r\n" in results["main.py"]
    assert b"name: str | None" in results["main.py"]


def test_a_file_in_another_encoding_stays_in_it(
    service: Path, give_fixes: Callable[..., None]
) -> None:
    give_fixes({"old": "'nö'"})
    text = f"# -*- coding: latin-1 -*-\n# für uns\n{APP}x = 'ä', old\n"
    (service / "main.py").write_bytes(text.encode("latin-1"))

    results = outcome(service, "RW999").results

    assert results == {"main.py": text.replace("old", "'nö'").encode("latin-1")}


def test_a_character_that_the_encoding_lacks_is_not_written(
    service: Path, give_fixes: Callable[..., None]
) -> None:
    give_fixes({"old": "'\N{SNOWMAN}'"})
    text = f"# -*- coding: latin-1 -*-\n{APP}x = old\n"
    (service / "main.py").write_bytes(text.encode("latin-1"))

    found = outcome(service, "RW999")

    assert found.results == {}
    (refused,) = found.refused
    assert "encoding lacks a character" in refused.reason


def test_lines_indented_by_tabs_stay_so(
    service: Path, give_fixes: Callable[..., None]
) -> None:
    give_fixes({"old": "new( )"})
    text = f"{APP}\n\ndef f():\n\tx = old\n\treturn  x\n"
    (service / "main.py").write_text(text)

    results = outcome(service, "RW999").results

    assert results["main.py"].decode() == text.replace("old", "new( )")


def test_an_edit_that_breaks_the_syntax_is_taken_back_alone(
    service: Path, give_fixes: Callable[..., None]
) -> None:
    give_fixes({"good": "fine", "bad": "(("})
    (service / "main.py").write_text(f"{APP}x = bad\ny = good\n")
    (service / "other.py").write_text("z = good\n")

    found = outcome(service, "RW999")

    texts = {path: data.decode() for path, data in found.results.items()}
    assert texts == {"main.py": f"{APP}x = bad\ny = fine\n", "other.py": "z = fine\n"}
    (refused,) = found.refused
    assert refused.proposal.claims[0].message == "`bad`"
    assert "would not be right" in refused.reason


def test_an_edit_that_leaves_its_finding_is_taken_back_alone(
    service: Path, give_fixes: Callable[..., None]
) -> None:
    give_fixes({"good": "fine", "stubborn": "stubborn  #"})
    (service / "main.py").write_text(f"{APP}stubborn = 1\ngood = 2\n")

    found = outcome(service, "RW999")

    assert found.results["main.py"].decode() == f"{APP}stubborn = 1\nfine = 2\n"
    assert [r.reason for r in found.refused] == ["RW999 is still found at main.py:4"]


def test_an_edit_that_brings_a_finding_is_taken_back_alone(
    service: Path, give_fixes: Callable[..., None]
) -> None:
    give_fixes({"good": "fine", "worse": "trouble"}, found_too=("trouble",))
    (service / "main.py").write_text(f"{APP}worse = 1\ngood = 2\n")

    found = outcome(service, "RW999")

    assert found.results["main.py"].decode() == f"{APP}worse = 1\nfine = 2\n"
    assert len(found.refused) == 1


def test_of_two_edits_of_one_place_the_second_waits_for_the_next_round(
    service: Path, give_fixes: Callable[..., None]
) -> None:
    give_fixes({"aa bb": "aa_cc", "bb dd": "never", "cc": "ee"})
    (service / "main.py").write_text(f"{APP}x = 'aa bb dd'\n")

    found = outcome(service, "RW999")

    assert found.results["main.py"].decode() == f"{APP}x = 'aa_ee dd'\n"
    assert len(found.rounds) == 2


def test_what_only_comes_of_two_edits_together_costs_one_of_them(
    service: Path, give_fixes: Callable[..., None]
) -> None:
    # Only side by side do they leave what is found again, where neither stood.
    give_fixes({"<<": "tr", ">>": "ouble", "good": "fine"}, found_too=("trouble",))
    (service / "main.py").write_text(f"{APP}x = '<<>>'\ny = 'good'\n")
    (service / "other.py").write_text("z = 'good'\n")

    found = outcome(service, "RW999")

    texts = {path: data.decode() for path, data in found.results.items()}
    assert texts["other.py"] == "z = 'fine'\n"
    assert "'fine'" in texts["main.py"] and "trouble" not in texts["main.py"]
    assert len(found.refused) == 1


def test_two_equal_lines_are_both_fixed_though_one_waits(
    service: Path, give_fixes: Callable[..., None]
) -> None:
    give_fixes({"aa bb": "cc", "bb dd": "ee"})
    (service / "main.py").write_text(f"{APP}x = 'aa bb'\ny = 'aa bb'\nz = 'aa bb dd'\n")

    results = outcome(service, "RW999").results

    assert results["main.py"].decode() == f"{APP}x = 'cc'\ny = 'cc'\nz = 'cc dd'\n"


def test_imports_are_added_once_and_sorted(
    service: Path, give_fixes: Callable[..., None]
) -> None:
    give_fixes({"old": "asyncio"}, needs="import asyncio")
    (service / "main.py").write_text(
        f"import json\n\n{APP}x = [json, old, 1]\ny = old\n"
    )

    results = outcome(service, "RW999").results

    assert results["main.py"].decode() == (
        f"import asyncio\nimport json\n\n{APP}x = [json, asyncio, 1]\ny = asyncio\n"
    )


def test_only_imports_that_the_fix_left_unused_go(
    service: Path, give_fixes: Callable[..., None]
) -> None:
    give_fixes({"json.loads": "int"})
    (service / "main.py").write_text(
        f"import json\nimport os\n\n{APP}x = json.loads('1')\n"
    )

    results = outcome(service, "RW999").results

    assert results["main.py"].decode() == f"import os\n\n{APP}x = int('1')\n"


def test_an_import_that_another_module_takes_from_there_stays(
    service: Path, give_fixes: Callable[..., None]
) -> None:
    give_fixes({"json.loads": "int"})
    text = f"import json\n\n{APP}x = json.loads('1')\n"
    (service / "main.py").write_text(text)
    (service / "other.py").write_text("from main import app, json\n")

    results = outcome(service, "RW999").results

    assert results["main.py"].decode() == text.replace("json.loads", "int")


def test_the_projects_formatter_goes_over_the_changed_lines_only(
    service: Path, give_fixes: Callable[..., None]
) -> None:
    give_fixes({"old": "dict( a = 1 )"})
    (service / "pyproject.toml").write_text(
        "[tool.black]\nskip-string-normalization = true\n"
    )
    text = f"{APP}x = old\ny = [  'kept'  ]\n"
    (service / "main.py").write_text(text)

    results = outcome(service, "RW999").results

    assert results["main.py"].decode() == text.replace("old", "dict(a=1)")


def test_ruff_formats_where_the_project_configures_it(
    service: Path, give_fixes: Callable[..., None]
) -> None:
    give_fixes({"old": 'dict( a = "1" )'})
    (service / "pyproject.toml").write_text(
        "[tool.ruff.format]\nquote-style = 'single'\n"
    )
    text = f"{APP}x = old\ny = [  'kept'  ]\n"
    (service / "main.py").write_text(text)

    results = outcome(service, "RW999").results

    assert results["main.py"].decode() == text.replace("old", "dict(a='1')")


def test_a_read_only_file_is_left_and_told(
    service: Path, give_fixes: Callable[..., None]
) -> None:
    give_fixes({"old": "new"})
    (service / "main.py").write_text(f"{APP}old = 1\n")
    other = service / "other.py"
    other.write_text("old = 1\n")
    other.chmod(0o444)

    found = outcome(service, "RW999")

    assert set(found.results) == {"main.py"}
    assert [r.reason for r in found.refused] == ["other.py is read-only"]


def test_suppressed_findings_are_not_fixed(service: Path) -> None:
    text = LEGACY.replace("-> str:", "-> str:  # noqa: RW102")
    (service / "main.py").write_text(text)

    assert outcome(service, "RW102").results == {}


# -- writing ---------------------------------------------------------------------------


def test_permissions_stay_and_nothing_is_left_beside(tmp_path: Path) -> None:
    file = tmp_path / "main.py"
    file.write_text("old\n")
    file.chmod(0o755)

    documents.write(file, b"new\n")

    assert file.read_bytes() == b"new\n"
    assert stat.S_IMODE(file.stat().st_mode) == 0o755
    assert [path.name for path in tmp_path.iterdir()] == ["main.py"]


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    file, link = tmp_path / "main.py", tmp_path / "link.py"
    file.write_text("old\n")
    link.symlink_to(file)

    documents.write(link, b"new\n")

    assert link.is_symlink()
    assert file.read_bytes() == b"new\n"


def test_a_write_that_ends_early_leaves_the_old_content(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "main.py"
    file.write_text("old\n")

    def killed(handle: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", killed)
    with pytest.raises(KeyboardInterrupt):
        documents.write(file, b"new\n")

    assert file.read_text() == "old\n"
    assert [path.name for path in tmp_path.iterdir()] == ["main.py"]


def test_files_are_written_all_or_none(tmp_path: Path) -> None:
    first, second = tmp_path / "a.py", tmp_path / "b.py"
    first.write_text("old\n")
    second.write_text("old\n")
    second.chmod(0o444)

    with pytest.raises(Unwritable, match=r"b\.py: cannot be written .*read-only"):
        put(tmp_path, {"a.py": b"new\n", "b.py": b"new\n"})

    assert (first.read_text(), second.read_text()) == ("old\n", "old\n")


# -- bad input -------------------------------------------------------------------------


def test_a_missing_path_is_2_with_a_message(tmp_path: Path, fix: Run) -> None:
    status, _, err = fix(tmp_path / "nowhere")

    assert status == 2
    assert "nowhere: no such file or folder" in err


def test_a_broken_configuration_is_2(service: Path, fix: Run) -> None:
    (service / "pyproject.toml").write_text("[tool.roadworthy\n")
    (service / "main.py").write_text(LEGACY)

    status, _, err = fix(service)

    assert status == 2
    assert "pyproject.toml" in err
    assert (service / "main.py").read_text() == LEGACY


def test_an_unknown_rule_is_2(service: Path, fix: Run) -> None:
    assert fix(service, "--select", "XY1")[0] == 2


def test_a_file_that_cannot_be_read_is_told_and_the_others_are_fixed(
    service: Path, fix: Run
) -> None:
    (service / "main.py").write_text(LEGACY)
    (service / "broken.py").write_text("x = (\n")

    status, out, _ = fix(service)

    assert status == 0
    assert "not read: broken.py:1: syntax error" in out
    assert (service / "main.py").read_text() == FIXED


def test_a_single_file_is_fixed(service: Path, fix: Run) -> None:
    file = service / "main.py"
    file.write_text(LEGACY)

    assert fix(file)[0] == 0
    assert file.read_text() == FIXED


# -- the tests of the project ----------------------------------------------------------

CHECK = """\
import sys
text = open("main.py").read() + open("other.py").read()
sys.exit(any(word in text for word in {words!r}))
"""


def test_what_breaks_the_tests_is_taken_back_and_the_rest_stays(
    service: Path, fix: Run, give_fixes: Callable[..., None]
) -> None:
    give_fixes({"one": "eins", "two": "zwei", "three": "drei", "four": "vier"})
    (service / "main.py").write_text(f"{APP}x = ['one', 0]\ny = ['two', 0]\n")
    (service / "other.py").write_text("x = ['three', 0]\ny = ['four', 0]\n")
    (service / "check.txt").write_text(CHECK.format(words=("zwei", "drei")))

    status, out, _ = fix(service, "--select", "RW999", "--test", "python3 check.txt")

    assert status == 0
    assert (
        service / "main.py"
    ).read_text() == f"{APP}x = ['eins', 0]\ny = ['two', 0]\n"
    assert (service / "other.py").read_text() == "x = ['three', 0]\ny = ['vier', 0]\n"
    assert "RW999 at main.py:5: the tests failed with it" in out
    assert "RW999 at other.py:1: the tests failed with it" in out


def test_tests_that_fail_before_change_nothing(service: Path, fix: Run) -> None:
    (service / "main.py").write_text(LEGACY)

    status, _, err = fix(service, "--test", "echo no such luck; false")

    assert status == 2
    assert "fails before any fix" in err and "no such luck" in err
    assert (service / "main.py").read_text() == LEGACY


def test_test_and_diff_do_not_go_together(service: Path, fix: Run) -> None:
    assert fix(service, "--test", "true", "--diff")[0] == 2


def test_formatting_may_part_what_one_line_held(service: Path) -> None:
    text = (
        "from urllib.request import urlopen\n\nfrom fastapi import FastAPI\n\n"
        "app = FastAPI()\n\n\n"
        "async def keep(*things: object) -> None: ...\n\n\n"
        '@app.get("/a")\nasync def read(name: str) -> None:\n'
        "    await keep(urlopen('http://a.example'), name, urlopen('http://b.example'), "
        "name, name, name, name, name, name, name, name, name, name, name, name)\n"
    )
    (service / "main.py").write_text(text, encoding="utf-8")

    done = outcome(service)

    assert done.refused == ()
    lines = done.results["main.py"].decode().splitlines()
    assert '        urlopen("http://a.example"),' in lines
    assert '        urlopen("http://b.example"),' in lines
