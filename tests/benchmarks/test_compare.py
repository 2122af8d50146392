"""Running, pairing and telling, with small programs in the place of the tools."""

import argparse
import ast
import json
import sys

import compare
import pytest
from blockbench import edit, measure, timing, tools
from blockbench.measure import RunError
from blockbench.report import tree_lines
from blockbench.results import First, TreeResult
from blockbench.sites import Site
from blockbench.timing import Times
from blockbench.tools import Kind, Tool
from blockbench.truth import Truth

A, B, C, D = (Site("a.py", line) for line in (1, 2, 3, 4))

posix = pytest.mark.skipif(sys.platform == "win32", reason="the benchmark needs POSIX")


def test_ratios_pair_the_times_of_one_round():
    assert timing.ratios([1.0, 4.0, 9.0], [2.0, 2.0]) == [0.5, 2.0]
    assert timing.median([3.0, 1.0, 2.0]) == 2.0
    assert timing.median([]) is None


def result(**changes):
    values = {
        "name": "shop",
        "first": {
            "roadworthy": First(frozenset({A, B, D}), 1.0, 50_000_000),
            "hydroid": First(frozenset({B, C}), 2.0, 90_000_000),
        },
        "failures": {"blockpath": "ended with status 2: no"},
        "times": {
            "roadworthy": Times({"cold": [1.0, 3.0], "warm": [0.2], "edited": []}),
            "hydroid": Times({"cold": [2.0, 2.0], "warm": [0.1], "edited": []}),
        },
        "edited": "a.py",
        "truth": Truth(frozenset({A, B, Site("a.py", 9)}), frozenset({C})),
    }
    return TreeResult(**(values | changes))


def test_result_as_data_tells_scores_pairs_and_ratios():
    document = json.loads(json.dumps(result().document()))
    ours = document["tools"]["roadworthy"]["score"]
    assert ours["right"] == 2
    assert ours["recall"] == pytest.approx(2 / 3)
    assert ours["precision"] == 1.0
    assert ours["unjudged"] == ["a.py:4"]
    pair = document["pairs"]["hydroid"]
    assert pair["both"] == ["a.py:2"]
    assert pair["only_roadworthy"] == ["a.py:1", "a.py:4"]
    assert pair["only_peer"] == ["a.py:3"]
    assert pair["ratios"]["cold"] == [0.5, 1.5]
    assert pair["median_ratio"] == {"cold": 1.0, "warm": 2.0, "edited": None}
    assert document["missed_by_all"] == ["a.py:9"]
    assert document["unjudged"] == [{"path": "a.py", "line": 4, "by": ["roadworthy"]}]


def test_report_names_failures_missed_and_unjudged_sites():
    lines = list(tree_lines(result(), complete=False))
    assert "   ! blockpath failed and is left out: ended with status 2: no" in lines
    assert "true, found by no tool (1): a.py:9" in lines
    assert "missed by roadworthy (1): a.py:9" in lines
    assert "unjudged, by roadworthy (1): a.py:4" in lines
    row = next(line for line in lines if line.startswith("roadworthy  "))
    cells = row.split()
    assert cells == [
        *("roadworthy", "3", "3", "2", "0", "1", "1", "66.7%", "100.0%", "66.7%", "2")
    ]


def test_report_without_truth_scores_nothing():
    lines = list(tree_lines(result(truth=None), complete=False))
    assert "nothing is scored" in lines[0]
    assert not any("unjudged, by" in line for line in lines)


def test_unsteady_answer_is_named():
    times = {"roadworthy": Times(unsteady={A})}
    lines = list(tree_lines(result(times=times), complete=False))
    assert "   ! roadworthy does not always answer alike: a.py:1" in lines


def test_command_leaves_out_the_environment_that_is_not_given(tmp_path):
    (tmp_path / "a.py").touch()
    kind = Kind(
        "t", ("{tree}", "{files}", "--python", "{python}"), lambda *_: frozenset()
    )
    tool = Tool(kind, ("t",), "1")
    tree, file = str(tmp_path), str(tmp_path / "a.py")
    assert tool.command(tmp_path, None) == ["t", tree, file]
    assert tool.command(tmp_path, "/v") == ["t", tree, file, "--python", "/v"]


def test_files_that_would_end_a_tool_are_not_given_to_it(tmp_path):
    (tmp_path / "a.py").write_text("x = 1\n")
    (tmp_path / "bad.py").write_text("x = = 1\n")
    kind = Kind("t", ("{files}",), lambda *_: frozenset(), is_python=True)
    tool = Tool(kind, ("t",), "1", sys.executable)
    unread = tools.unreadable(tool, tmp_path)
    assert unread == ("bad.py",)
    assert tool.command(tmp_path, None, unread) == ["t", str(tmp_path / "a.py")]
    assert tools.unreadable(Tool(kind, ("t",), "1"), tmp_path) == ()


def test_environment_has_a_home_of_its_own_and_no_foreign_settings(tmp_path):
    base = {
        "PATH": "/bin",
        "HOME": "/root",
        "VIRTUAL_ENV": "/v",
        "XDG_CACHE_HOME": "/c",
        "RUFF_CACHE_DIR": "/r",
        "PYTHONPATH": "src",
    }
    peer = Tool(tools.PEERS[0], ("hydroid",), "1")
    ours = Tool(tools.ROADWORTHY, ("roadworthy",), "1")
    environment = tools.environment(peer, tmp_path, base)
    assert environment["PATH"] == "/bin"
    assert environment["HOME"] == str(tmp_path)
    assert environment["XDG_CACHE_HOME"] == str(tmp_path / ".cache")
    assert environment.keys().isdisjoint(
        {"VIRTUAL_ENV", "RUFF_CACHE_DIR", "PYTHONPATH"}
    )
    assert tools.environment(ours, tmp_path, base)["PYTHONPATH"] == "src"


def test_missing_peer_says_where_it_was_looked_for(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert tools.find_peer(tools.PEERS[0], None) == "not on PATH"
    found = tools.find_peer(tools.PEERS[0], tmp_path / "bin")
    assert found == f"not in {tmp_path / 'bin'} and not on PATH"


@pytest.mark.parametrize(
    "source",
    [
        "def f():\n    return 1\n\n\nX = f()\n",
        "class A:\n    async def f(self):\n        if self:\n            pass\n",
        "def f():\n    '''Text\nthat goes on.'''\n\ndef g(): pass\n",
    ],
)
def test_edit_adds_one_statement_to_a_function(source):
    changed = edit.edited(source, 7)
    assert changed == edit.edited(source, 7) != edit.edited(source, 8)
    names = [n.id for n in ast.walk(ast.parse(changed)) if isinstance(n, ast.Name)]
    assert names.count("_edit") == 1
    assert changed.replace(f"{_line_with(changed, '_edit')}\n", "") == source


@pytest.mark.parametrize("source", ["X = 1\n", "", "def f(:\n", "def f():\n    pass"])
def test_edit_without_a_function_to_change_is_a_comment(source):
    changed = edit.edited(source, 3)
    assert changed.startswith(source.rstrip("\n"))
    assert changed.endswith("\n\n# edit 3\n")


def _line_with(text, word):
    return next(line for line in text.splitlines() if word in line)


def test_file_to_edit_has_most_sites_and_else_is_the_largest_that_is_no_test(tmp_path):
    (tmp_path / "a.py").write_text("x = 1\n")
    (tmp_path / "b.py").write_text("x = 1\n" * 9)
    (tmp_path / "test_c.py").write_text("x = 1\n" * 99)
    assert edit.choose_file(tmp_path, [A, B, Site("b.py", 1)]) == "a.py"
    assert edit.choose_file(tmp_path, []) == "b.py"


def test_copy_has_no_caches_and_follows_no_links(tmp_path):
    source = tmp_path / "tree"
    for path in ("app/a.py", ".git/x", ".hydroid_cache/y", "app/__pycache__/z"):
        (source / path).parent.mkdir(parents=True, exist_ok=True)
        (source / path).touch()
    (tmp_path / "secret.py").touch()
    (source / "app" / "link.py").symlink_to(tmp_path / "secret.py")
    edit.copy_tree(source, tmp_path / "copy")
    copied = {
        p.relative_to(tmp_path / "copy").as_posix() for p in tmp_path.rglob("copy/**/*")
    }
    assert copied == {"app", "app/a.py", "app/link.py"}
    assert (tmp_path / "copy" / "app" / "link.py").is_symlink()


@posix
def test_run_gives_output_and_takes_status_1_as_done(tmp_path):
    program = "import sys; print('found'); sys.exit(1)"
    done = measure.run([sys.executable, "-c", program], tmp_path, {}, 60)
    assert done.output == "found\n"
    assert done.seconds > 0
    assert done.memory > 1_000_000


@posix
@pytest.mark.parametrize(
    ("program", "message"),
    [
        ("import os; os.write(2, b'no such folder'); os._exit(2)", "no such folder"),
        ("import os; os.kill(os.getpid(), 9)", "status -9"),
        ("1 / 0", "ZeroDivisionError"),
    ],
)
def test_run_that_fails_says_how(tmp_path, program, message):
    with pytest.raises(RunError, match=message):
        measure.run([sys.executable, "-c", program], tmp_path, {}, 60)


@posix
def test_run_that_takes_too_long_is_ended(tmp_path):
    with pytest.raises(RunError, match="not done after"):
        measure.run(
            [sys.executable, "-c", "import time; time.sleep(600)"], tmp_path, {}, 0.5
        )


@posix
def test_program_that_is_not_there_is_said(tmp_path):
    with pytest.raises(RunError, match="could not be started"):
        measure.run([str(tmp_path / "absent")], tmp_path, {}, 60)


STAND_IN = """
import json, pathlib, sys
tree = pathlib.Path(sys.argv[1])
kept = tree / ".stand_in_cache"
kept.mkdir(exist_ok=True)
(kept / "runs").open("a").write("x")
lines = (tree / "a.py").read_text().splitlines()
found = [n for n, line in enumerate(lines, 1) if "sleep" in line]
print(json.dumps({"findings": [{"rule": "RW303", "path": "a.py", "line": n} for n in found]}))
"""


@posix
def test_comparison_leaves_the_tree_as_it_was(tmp_path):
    tree = tmp_path / "tree"
    tree.mkdir()
    source = "import time\n\n\nasync def f():\n    time.sleep(1)\n"
    (tree / "a.py").write_text(source)
    kind = Kind(
        "roadworthy",
        ("{tree}",),
        tools.ROADWORTHY.parse,
        caches=(".stand_in_cache",),
    )
    tool = Tool(kind, (sys.executable, "-c", STAND_IN), "1")
    broken = Tool(
        Kind("broken", (), kind.parse), (sys.executable, "-c", "print(1)"), "1"
    )
    known = Truth(frozenset({Site("a.py", 5)}), frozenset())
    got = compare.compare(
        compare.Target("tree", tree, None), [tool, broken], known, {"roadworthy"}, 2, 60
    )
    assert got.first["roadworthy"].sites == {Site("a.py", 5)}
    assert set(got.failures) == {"broken"}
    assert got.edited == "a.py"
    times = got.times["roadworthy"]
    assert {phase: len(s) for phase, s in times.seconds.items()} == {
        "cold": 2,
        "warm": 2,
        "edited": 2,
    }
    assert times.unsteady == set()
    assert [path.name for path in tree.iterdir()] == ["a.py"]
    assert (tree / "a.py").read_text() == source


def test_target_is_a_name_a_folder_and_an_environment(tmp_path):
    target = compare.parse_target(f"shop={tmp_path}:{sys.executable}")
    assert (target.name, target.path) == ("shop", tmp_path.resolve())
    assert target.python == sys.executable
    assert compare.parse_target(f"shop={tmp_path}").python is None


@pytest.mark.parametrize("text", ["shop", "=x", "shop=", "shop=/no/such/folder"])
def test_target_that_is_not_one_is_refused(text):
    with pytest.raises(argparse.ArgumentTypeError):
        compare.parse_target(text)
