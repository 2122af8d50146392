"""Scoring against the truth, and the truth files themselves."""

from pathlib import Path

import pytest
from blockbench import truth
from blockbench.sites import Site
from blockbench.truth import Truth, TruthError

TRUTH = Path(__file__).parents[2] / "benchmarks" / "blocking" / "truth"

A, B, C, D = (Site("a.py", line) for line in (1, 2, 3, 4))
ELSEWHERE = Site("b.py", 1)


def test_score_counts_what_is_known_and_keeps_the_unjudged_apart():
    known = Truth(right=frozenset({A, B}), wrong=frozenset({C}))
    score = truth.score({A, C, D}, known)
    assert score.right == {A}
    assert score.wrong == {C}
    assert score.unjudged == {D}
    assert score.missed == {B}
    assert score.recall == 0.5
    assert score.precision == 0.5
    assert score.least_precision == pytest.approx(1 / 3)


def test_sites_out_of_scope_are_not_scored():
    known = Truth(frozenset({A}), frozenset(), frozenset({"a.py"}))
    score = truth.score({A, ELSEWHERE}, known)
    assert score.precision == score.least_precision == 1.0
    assert score.unjudged == frozenset()
    assert score.beyond == 1


def test_nothing_to_find_and_nothing_reported_gives_no_figure():
    score = truth.score((), Truth(frozenset(), frozenset()))
    assert score.recall is None
    assert score.precision is None
    assert score.least_precision is None


def test_reporting_only_unjudged_sites_gives_no_precision():
    score = truth.score({D}, Truth(frozenset({A}), frozenset()))
    assert score.recall == 0.0
    assert score.precision is None
    assert score.least_precision == 0.0


def test_overlap_and_what_one_tool_alone_found():
    found = {"x": frozenset({A, B, C}), "y": frozenset({B}), "z": frozenset({C, D})}
    shared = truth.overlap(found["x"], found["y"])
    assert (shared.both, shared.first, shared.second) == ({B}, {A, C}, frozenset())
    assert truth.only_by(found, "x") == {A}
    assert truth.only_by(found, "y") == frozenset()
    assert truth.only_by(found, "z") == {D}


def write(folder, rows, scope=None):
    lines = ["path,line,verdict,rule,reason", *rows]
    (folder / "shop.csv").write_text("\n".join(lines) + "\n", "utf-8")
    if scope is not None:
        (folder / "shop.scope.txt").write_text(scope, "utf-8")


def test_truth_is_read_with_its_scope(tmp_path):
    write(
        tmp_path,
        ["a.py,1,true,RW301,asks a service", 'a.py,3,false,RW304,"cached, read once"'],
        "# what was read\na.py\n\nc.py\n",
    )
    known = truth.load(tmp_path, "shop")
    assert known == Truth({A}, {C}, {"a.py", "c.py"})
    assert truth.load(tmp_path, "other") is None


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (["a.py,1,maybe,RW301,x"], r"shop\.csv:2: the verdict"),
        (
            ["a.py,1,true,RW301,x", "a.py,,true,RW301,x"],
            r"shop\.csv:3: a path and a line",
        ),
        ([",1,true,RW301,x"], "a path and a line"),
        (["a.py,1,true,RW301,x", "a.py,1,false,RW301,x"], "a.py:1 is judged both ways"),
    ],
)
def test_truth_that_cannot_be_believed_is_refused(tmp_path, rows, message):
    write(tmp_path, rows)
    with pytest.raises(TruthError, match=message):
        truth.load(tmp_path, "shop")


def test_verdicts_on_files_out_of_scope_are_left_out_and_counted(tmp_path):
    write(tmp_path, ["a.py,1,true,RW301,x", "b.py,1,true,RW301,y"], "a.py\n")
    known = truth.load(tmp_path, "shop")
    assert known == Truth(frozenset({A}), frozenset(), {"a.py"}, beyond=1)


def test_truth_with_other_columns_is_refused(tmp_path):
    (tmp_path / "shop.csv").write_text("path,line,verdict\n", "utf-8")
    with pytest.raises(TruthError, match="columns"):
        truth.load(tmp_path, "shop")


def test_same_verdict_twice_is_one_site(tmp_path):
    write(tmp_path, ["a.py,1,true,RW301,x", "a.py,1,true,RW304,y"])
    assert truth.load(tmp_path, "shop") == Truth({A}, frozenset())


def test_files_that_a_tree_lacks_are_named(tmp_path):
    (tmp_path / "a.py").touch()
    known = Truth(frozenset({A, ELSEWHERE}), frozenset({C}))
    assert truth.absent_files(known, tmp_path) == ["b.py"]


@pytest.mark.parametrize("name", sorted(file.stem for file in TRUTH.glob("*.csv")))
def test_kept_truth_can_be_believed(name):
    known = truth.load(TRUTH, name)
    assert known is not None
    assert not known.right & known.wrong
