"""The report for people."""

import re

import pytest

from roadworthy.findings import Entry, Fix, Report, Step, Unread, Unresolved
from roadworthy.output.source import SourceLines, width
from roadworthy.output.terminal import Look, render

API = """@router.get("/users/{id}")
async def read(key: int, db=Depends(get_db)):
    return crud.load(db, key)
"""


@pytest.fixture
def show(tmp_path):
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "api.py").write_text(API, encoding="utf-8")
    (tmp_path / "app" / "crud.py").write_text("def load(db, key):\n    return db.get()")

    def printed(*findings, look=None, **more):
        report = Report(findings=findings, **more)
        look = look or Look(columns=80)
        return "\n".join(render(report, SourceLines(tmp_path), look))

    return printed


def test_a_finding_in_full(show, make):
    assert show(make()) == (
        "app/api.py:3:12  RW302 error  blocking-database\n"
        "  `crud.load` waits for the database on the event loop\n"
        "\n"
        "  3 | return crud.load(db, key)\n"
        "    |        ^^^^^^^^^^^^^^^^^^\n"
        "\n"
        "  reached by GET /users/{id}, `read` (line 1)\n"
        "  through    crud.load(db, key)   app/api.py:3\n"
        "               db.get(User, key)  app/crud.py:2\n"
        "                 blocks in Session.get\n"
        "  why        While it waits, no other request is served.\n"
        "  instead    `await session.get(...)` on an `AsyncSession`\n"
        "\n"
        "Found 1 error.\n"
        "                                       error  warning   advice\n"
        "  1 Modern Python, async by default        -        -        -\n"
        "  2 Pydantic and data validation           -        -        -\n"
        "  3 The event loop                         1        -        -\n"
        "  4 Structure                              -        -        -\n"
        "  5 Dependency injection                   -        -        -\n"
        "  6 Security and error handling            -        -        -\n"
        "  7 Testing                                -        -        -\n"
        "\n"
        "      1  RW302  blocking-database  error"
    )


def test_a_direct_call_has_no_trail(show, make):
    step = Step("app/api.py", 3, 12, "crud.load(db, key)", "app.crud.load")
    text = show(make(chain=(step,)))
    assert "  calls      `app.crud.load`\n" in text
    assert "through" not in text


def test_further_entry_points_are_named_once(show, make):
    others = tuple(
        Entry("route", f"GET /other/{n}", f"app.other{n}", "app/o.py", n)
        for n in range(9)
    )
    text = show(make(other_entries=(*others, others[0])))
    assert "GET /other/5 and 3 more" in " ".join(text.split())
    assert "GET /other/6" not in text


def test_entries_that_are_no_routes_say_what_they_are(show, make):
    entry = Entry("dependency", "get_user", "app.deps.get_user", "app/deps.py", 9)
    text = show(make(entry=entry))
    assert "reached by dependency get_user (app/deps.py:9)" in text


def test_findings_of_one_cause_are_told_once(show, make):
    cause = Step("app/crud.py", 2, 5, "db.get(User, key)", "Session.get")
    first = make()
    second = make(
        path="app/admin.py",
        line=40,
        entry=Entry("route", "GET /admin", "app.admin.index", "app/admin.py", 38),
        chain=(Step("app/admin.py", 40, 5, "load()", "app.crud.load"), cause),
    )
    text = show(first, second)
    assert text.count("waits for the database") == 1
    assert "also at    1 more place with the same cause:\n" in text
    assert "             app/admin.py:40:12  load()  GET /admin\n" in text
    assert "Found 2 errors." in text


def test_one_library_call_is_no_common_cause(show, make):
    """Two calls of the project that end in one line of a library are two matters."""
    tail = Step("sqlalchemy/orm/session.py", 99, 1, "execute()", "Connection.execute")
    one = make(chain=(make().chain[0], tail))
    two = make(line=2, chain=(Step("app/api.py", 2, 1, "x()", "x"), tail))
    text = show(one, two)
    assert "also at" not in text
    assert text.count("RW302 error") == 2


def test_a_reason_is_given_once(show, make):
    text = show(make(), make(line=2, chain=()))
    assert text.count("While it waits") == 1
    assert text.count("on an `AsyncSession`") == 2


def test_summary_counts_by_rule_the_gravest_first(show, make):
    text = show(
        make(),
        make(line=1, chain=()),
        make(rule="RW304", name="blocking-file", severity="warning", chain=()),
        make(rule="RW301", name="blocking-http", chain=(), line=2),
        stats={"files": 1200, "seconds": 0.84, "suppressed": 1},
    )
    assert text.endswith(
        "Found 3 errors and 1 warning in 1,200 files (0.8 s).\n"
        "                                       error  warning   advice\n"
        "  1 Modern Python, async by default        -        -        -\n"
        "  2 Pydantic and data validation           -        -        -\n"
        "  3 The event loop                         3        1        -\n"
        "  4 Structure                              -        -        -\n"
        "  5 Dependency injection                   -        -        -\n"
        "  6 Security and error handling            -        -        -\n"
        "  7 Testing                                -        -        -\n"
        "\n"
        "      2  RW302  blocking-database  error\n"
        "      1  RW301  blocking-http      error\n"
        "      1  RW304  blocking-file      warning\n"
        "1 finding suppressed by comments."
    )


def test_summary_counts_by_section_and_severity_advice_too(show, make):
    text = show(
        make(rule="RW601", severity="error", chain=()),
        make(rule="RW605", severity="advice", chain=()),
        make(rule="RW602", severity="advice", chain=()),
        make(rule="RW707", severity="warning", chain=()),
    )
    assert "  6 Security and error handling            1        -        2\n" in text
    assert "  7 Testing                                -        1        -\n" in text


def test_advice_is_counted_unless_it_is_asked_for(show, make):
    advice = make(severity="advice", rule="RW304", name="blocking-file")
    text = show(advice)
    assert "app/api.py:3" not in text
    assert "Found 1 piece of advice." in text
    assert "1 finding of advice not shown; `--advice` lists them." in text
    text = show(advice, look=Look(columns=80, advice=True))
    assert "app/api.py:3:12  RW304 advice" in text
    assert "not shown" not in text


def test_nothing_found(show):
    assert show(stats={"files": 12}) == "Nothing found in 12 files."


def test_unread_files_unresolved_calls_and_notes(show):
    text = show(
        unread=(Unread("a.py", 4, "invalid syntax"),),
        unresolved=(Unresolved("b.py", 1, 2, "x.y(\n  1)"),),
        notes=("no virtual environment found",),
    )
    assert "Not checked\n  a.py:4: invalid syntax\n" in text
    assert "could not be resolved\n  b.py:1:2  x.y( 1)\n" in text
    assert "1 file not checked, listed above.\n" in text
    assert text.endswith("note: no virtual environment found")


def test_a_fix_says_how_to_apply_it(show, make):
    assert "fix        `roadworthy fix`\n" in show(make(fix=Fix(True, ())))
    assert "`roadworthy fix --unsafe`\n" in show(make(fix=Fix(False, ())))


def test_statistics(show):
    text = show(
        stats={"files": 3, "seconds": 0.5}, look=Look(columns=80, statistics=True)
    )
    assert text.endswith("Statistics\n  files    3\n  seconds  0.500")


@pytest.mark.parametrize("columns", [40, 60, 80])
def test_keeps_within_the_terminals_width(show, make, columns):
    finding = make(
        message="a rather long message " * 8,
        instead="`await something.quite.long(...)` " * 6,
        chain=(
            Step("app/api.py", 3, 12, "a_function(with_arguments, many)" * 3, "a"),
            Step("app/crud.py", 2, 5, "short()", "b"),
        ),
    )
    lines = show(finding, look=Look(columns=columns)).split("\n")
    # The head and the summary are not broken: paths and codes are copied from them.
    summary = next(n for n, line in enumerate(lines) if line.startswith("Found"))
    assert max(map(width, lines[1:summary])) <= max(columns, 48)


def test_a_long_line_is_cut_around_the_call(show, make, tmp_path):
    line = f"    {'x = 1; ' * 40}crud.load(db, key){'; y = 2' * 40}"
    (tmp_path / "app" / "api.py").write_text(line + "\n")
    column = line.index("crud") + 1
    text = show(make(line=1, end_line=1, column=column, end_column=column + 18))
    excerpt, mark = text.split("\n")[3:5]
    assert len(excerpt) <= 80
    start = mark.index("^")
    assert excerpt[start : mark.rindex("^") + 1] == "crud.load(db, key)"


def test_tabs_and_wide_characters_are_underlined_where_they_are(show, make, tmp_path):
    line = '\tn = "漢字"; crud.load()'
    (tmp_path / "app" / "api.py").write_text(line + "\n", encoding="utf-8")
    column = line.index("crud") + 1
    text = show(make(line=1, end_line=1, column=column, end_column=column + 11))
    excerpt, mark = text.split("\n")[3:5]
    before = excerpt[: excerpt.index("crud")]
    assert width(before) == mark.index("^")
    assert mark.count("^") == 11


def test_a_call_over_several_lines(show, make, tmp_path):
    (tmp_path / "app" / "api.py").write_text("if x:\n    load(\n        1,\n    )\n")
    text = show(make(line=2, column=5, end_line=4, end_column=6))
    assert (
        "  2 | load(\n"
        "    | ^^^^^\n"
        "  3 |     1,\n"
        "    |     ^^\n"
        "  4 | )\n"
        "    | ^\n"
    ) in text


def test_a_long_call_is_shown_in_part(show, make, tmp_path):
    (tmp_path / "app" / "api.py").write_text("load(\n" + "    1,\n" * 30 + ")\n")
    text = show(make(line=1, column=1, end_line=32, end_column=2))
    assert "  4 |     1,\n" in text
    assert "5 |" not in text
    assert "    | ...\n" in text


def test_a_file_that_is_gone_has_no_excerpt(show, make):
    text = show(make(path="app/gone.py", chain=()))
    assert " | " not in text
    assert "app/gone.py:3:12" in text


def test_writes_no_escape_sequence_unless_in_colour(show, make):
    assert "\x1b" not in show(make())
    coloured = show(make(), look=Look(colour=True, columns=80))
    assert "\x1b[1;31mRW302 error\x1b[0m" in coloured
    plain = re.sub(r"\x1b\[[0-9;]*m", "", coloured)
    # In colour the backticks give way to colour; nothing else is different.
    assert plain == show(make()).replace("`", "")


def test_what_is_checked_cannot_steer_the_terminal(show, make, tmp_path):
    (tmp_path / "app" / "api.py").write_text("load('\x1b[2J\x07\u202e')\n")
    text = show(
        make(
            line=1,
            end_line=1,
            column=1,
            end_column=5,
            message="\x1b[31m",
            name="x",
            entry=Entry("route", "GET /\x1b]0;x\x07", "f\x1b", "p\x1b", 1),
            chain=(Step("app/api.py\x1b", 1, 1, "x\x1b()", "y\x1b"),) * 2,
        ),
        unread=(Unread("a\x1b.py", 1, "bad\x1b"),),
        notes=("x\x1b",),
    )
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f\u202e]", text)
