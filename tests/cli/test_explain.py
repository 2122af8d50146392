"""`roadworthy explain`: rules told to people and programs, and written as pages."""

import json
import re
from pathlib import Path

import pytest

from roadworthy import cli
from roadworthy.output import explain
from roadworthy.rules import registry
from roadworthy.sections import SECTIONS, section_of

DOCS = Path(__file__).parents[2] / "docs" / "rules"
RULES = registry.rules()


@pytest.fixture
def run(capsys):
    def run(*arguments):
        try:
            status = cli.main(["explain", *map(str, arguments)])
        except SystemExit as stop:
            status = stop.code
        captured = capsys.readouterr()
        return status, captured.out, captured.err

    return run


@pytest.mark.parametrize("word", ["RW301", "rw301", "blocking-http"])
def test_a_rule_by_code_or_name(run, word):
    status, out, err = run(word)
    assert (status, err) == (0, "")
    assert out.startswith("RW301 blocking-http\n  error · section 3, The event loop\n")
    titles = [line for line in out.splitlines() if line and line[0].isupper()]
    assert titles[1:] == [
        "What it does",
        "Why it matters in production",
        "Wrong",
        "Right",
        "How to fix",
        "References",
    ]
    assert "    return requests.get(" in out
    assert "# expect" not in out


def test_several_rules(run):
    status, out, _ = run("RW302", "RW301")
    assert status == 0
    assert out.index("RW302 blocking-database") < out.index("RW301 blocking-http")


@pytest.mark.parametrize(
    ("word", "message"),
    [
        ("RW399", "there is no rule `RW399`; section 3 has RW301 to RW3"),
        ("blocking-htp", "did you mean blocking-http (RW301)"),
        ("RW999", "`roadworthy explain --all` tells all there are"),
        ("E501", "there is no rule `E501`"),
        ("RW30", "`RW30` is the beginning of several rules: RW301, RW302"),
    ],
)
def test_no_such_rule_is_2_and_says_which_come_near(run, word, message):
    status, out, err = run(word)
    assert (status, out) == (2, "")
    assert message in err


@pytest.mark.parametrize(
    "flags",
    [
        (),
        ("RW301", "--all"),
        ("--all", "--output", "x"),
        ("RW301", "--format", "markdown", "--output", "x"),
    ],
)
def test_arguments_that_make_no_sense_are_2(run, flags):
    status, out, err = run(*flags)
    assert (status, out) == (2, "")
    assert err.startswith("roadworthy: ")


def test_json_tells_all_of_every_rule(run):
    status, out, _ = run("--all", "--format", "json")
    told = json.loads(out)
    assert status == 0
    assert [rule["code"] for rule in told["rules"]] == [rule.code for rule in RULES]
    for rule in told["rules"]:
        texts = ("summary", "why", "wrong", "right", "instead", "name")
        assert all(rule[key].strip() for key in texts), rule["code"]
        assert rule["severity"] in ("error", "warning", "advice")
        assert rule["section_title"] == SECTIONS[section_of(rule["code"])]


def test_markdown_is_the_page(run):
    status, out, _ = run("RW301", "--format", "markdown")
    assert status == 0
    assert out == explain.pages(RULES)["rw301.md"]
    assert out.startswith("# RW301 blocking-http\n")
    # Wrong, right, and what the fix makes of the wrong.
    assert out.count("```python\n") == 3
    assert "- <https://fastapi.tiangolo.com/async/>" in out


def test_pages_are_written_and_those_of_former_rules_removed(run, tmp_path):
    folder = tmp_path / "rules"
    folder.mkdir()
    (folder / "rw000.md").write_text("a rule that is no more")
    (folder / "notes.md").write_text("not ours")
    status, out, _ = run("--all", "--format", "markdown", "--output", folder)
    assert status == 0
    assert out.startswith(f"{len(RULES) + 1} pages written to ")
    expected = {f"{rule.code.lower()}.md" for rule in RULES} | {"README.md", "notes.md"}
    assert {file.name for file in folder.iterdir()} == expected


def test_output_that_cannot_be_written_is_2(run, tmp_path):
    (tmp_path / "file").write_text("")
    status, _, err = run(
        "--all", "--format", "markdown", "--output", tmp_path / "file" / "rules"
    )
    assert status == 2
    assert "file" in err


def test_index_links_every_rule_once():
    index = explain.pages(RULES)["README.md"]
    links = re.findall(r"\[(RW\d{3})\]\((rw\d{3})\.md\)", index)
    assert [code for code, _ in links] == [rule.code for rule in RULES]
    assert all(code.lower() == page for code, page in links)


def test_docs_are_what_the_rules_say():
    """After a change: `roadworthy explain --all --format markdown --output docs/rules`."""
    kept = {
        file.name: file.read_text("utf-8")
        for file in DOCS.glob("*.md")
        if file.name == "README.md" or file.name.startswith("rw")
    }
    made = explain.pages(RULES)
    stale = sorted(n for n in made.keys() | kept.keys() if made.get(n) != kept.get(n))
    assert stale == []
