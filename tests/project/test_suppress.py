"""Comments that silence findings."""

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roadworthy.findings import Finding
from roadworthy.project import suppress
from roadworthy.project.cache import Cache
from roadworthy.project.discovery import discover
from roadworthy.project.suppress import Suppression, apply, suppressions


def codes(source):
    return [(s.line, s.codes) for s in suppressions(source.encode())]


def finding(rule="RW301", line=1, end_line=None, path="a.py"):
    return Finding(
        rule=rule,
        name="blocking-http",
        severity="error",
        path=path,
        line=line,
        column=1,
        end_line=line if end_line is None else end_line,
        end_column=2,
        message="",
        why="",
        instead="",
    )


@pytest.mark.parametrize(
    ("comment", "expected"),
    [
        ("# noqa: RW301", ("RW301",)),
        ("# noqa:RW301,RW302", ("RW301", "RW302")),
        ("# NOQA: rw301 RW302", ("RW301", "RW302")),
        ("# noqa: E501, RW301", ("RW301",)),
        ("# noqa: RW301 - the vendor's client has no other form", ("RW301",)),
        ("# roadworthy: ignore[RW301] run once a night", ("RW301",)),
        ("# roadworthy: ignore[RW301, RW304]", ("RW301", "RW304")),
        ("# type: ignore  # noqa: RW301", ("RW301",)),
        ("# noqa", ()),
    ],
)
def test_reads_comments(comment, expected):
    assert codes(f"x = 1  {comment}\n") == [(1, expected)]


@pytest.mark.parametrize(
    "comment",
    [
        "# noqa: E501",
        "# noqa : E501",
        "# noqa:E501",
        "# noqable",
        "# roadworthy: ignore",
        "# roadworthy: ignore[]",
        "# see noqa: RW301",
    ],
)
def test_passes_over_what_is_not_meant(comment):
    assert codes(f"x = 1  {comment}\n") == []


def test_text_in_a_string_is_no_comment():
    assert codes('x = "# noqa: RW301"\ny = """\n# noqa: RW302\n"""\n') == []


def test_reads_comments_of_a_file_that_cannot_be_tokenized():
    assert codes("def f(:\n  x = 1 # noqa: RW301\n '''\n") == [(2, ("RW301",))]


@given(st.binary(max_size=60))
def test_no_content_breaks_it(data):
    for comment in suppressions(b"# noqa: RW301\n" + data):
        assert comment.line >= 1


def judged(source, *findings, selects=lambda code: True, unread=()):
    comments = {"a.py": suppressions(source.encode())}
    left, silenced = apply(findings, comments, selects, unread)
    return [(f.rule, f.line) for f in left], silenced


def test_silences_the_rule_it_names_on_its_line():
    source = "a()  # noqa: RW301\nb()\n"
    assert judged(source, finding(line=1), finding(line=2)) == ([("RW301", 2)], 1)


def test_bare_noqa_silences_every_rule_and_is_never_called_unused():
    source = "a()  # noqa\nb()  # noqa\n"
    assert judged(source, finding(line=1), finding("RW302")) == ([], 2)


@pytest.mark.parametrize("line", [1, 3])
def test_silences_a_call_over_several_lines_from_its_first_or_last(line):
    lines = ["call(", "    1,", ")"]
    lines[line - 1] += "  # noqa: RW301"
    assert judged("\n".join(lines), finding(line=1, end_line=3)) == ([], 1)


def test_does_not_silence_from_the_middle_of_a_call():
    source = "call(\n    1,  # noqa: RW301\n)\n"
    assert judged(source, finding(line=1, end_line=3)) == (
        [("RW301", 1), ("RW001", 2)],
        0,
    )


def test_reports_a_comment_that_silences_nothing_where_it_stands():
    comments = {"a.py": suppressions(b"x = 1  # noqa: RW301, RW302\n")}
    left, _ = apply([finding("RW302")], comments, lambda code: True)
    (unused,) = left
    assert (unused.rule, unused.name) == ("RW001", "unused-suppression")
    assert unused.severity == "warning"
    assert (unused.line, unused.column, unused.end_column) == (1, 8, 28)
    assert "`RW301`" in unused.message
    assert "RW302" not in unused.message
    assert unused.instead == "remove `RW301` from the comment"


def test_does_not_judge_rules_that_were_not_looked_for():
    def selects(code):
        return code in ("RW302", "RW001")

    assert judged("x = 1  # noqa: RW301\n", selects=selects) == ([], 0)


def test_does_not_report_unused_comments_when_asked_not_to():
    assert judged("x = 1  # noqa: RW301\n", selects=lambda c: c != "RW001") == ([], 0)


def test_a_comment_may_be_kept_for_later():
    source = "x = 1  # noqa: RW301, RW001\n"
    assert judged(source) == ([], 0)


def test_does_not_judge_comments_of_unread_files():
    assert judged("x = 1  # noqa: RW301\n", unread=["a.py"]) == ([], 0)


def test_reads_only_files_that_changed(tmp_path, monkeypatch):
    monkeypatch.setattr(
        "roadworthy.project.cache._user_folder", lambda: tmp_path / "home"
    )
    root = tmp_path / "project"
    root.mkdir()
    for name in ("a.py", "b.py"):
        (root / name).write_text("x = 1  # noqa: RW301\n")
    (root / "c.py").write_text("x = 1\n")
    expected = (Suppression(1, 8, 21, ("RW301",)),)
    read = []

    def reading(data):
        read.append(data)
        return suppressions(data)

    monkeypatch.setattr(suppress, "suppressions", reading)
    for count in (3, 0):
        read.clear()
        found = suppress.collect(discover(root).files, Cache.for_project(root))
        assert found == {"a.py": expected, "b.py": expected}
        assert len(read) == count
    (root / "b.py").write_text("x = 22\n")
    os.utime(root / "b.py", ns=(1, 1))
    found = suppress.collect(discover(root).files, Cache.for_project(root))
    assert found == {"a.py": expected}
    assert read == [b"x = 22\n"]
