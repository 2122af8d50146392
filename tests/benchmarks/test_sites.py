"""Reading what each tool prints."""

import json
from pathlib import Path

import pytest
from blockbench import sites
from blockbench.sites import OutputError, Site

ROOT = Path("/trees/shop")


def test_roadworthy_findings_outside_the_family_are_no_sites():
    text = json.dumps(
        {
            "version": 1,
            "findings": [
                {"rule": "RW301", "path": "app/a.py", "line": 3},
                {"rule": "RW304", "path": "app/a.py", "line": 3},
                {"rule": "RW308", "path": "app/b.py", "line": 9},
                {"rule": "RW001", "path": "app/b.py", "line": 10},
                {"rule": "RW309", "path": "app/b.py", "line": 11},
            ],
        }
    )
    assert sites.parse_roadworthy(text, ROOT) == {
        Site("app/a.py", 3),
        Site("app/b.py", 9),
    }


def test_hydroid_site_is_the_location_and_not_the_sink():
    text = json.dumps(
        {
            "diagnostics": [
                {
                    "location": {"path": "app/a.py", "line": 12, "column": 5},
                    "chain": [
                        {"location": {"path": "app/a.py", "line": 12, "column": 5}},
                        {"location": {"path": "app/crud.py", "line": 40, "column": 9}},
                    ],
                    "reached_from": {"location": {"path": "app/main.py", "line": 1}},
                }
            ]
        }
    )
    assert sites.parse_hydroid(text, ROOT) == {Site("app/a.py", 12)}


def test_blockpath_site_is_where_its_witness_begins():
    text = json.dumps(
        {
            "version": 1,
            "findings": [
                {
                    "code": "BLK001",
                    "witness": [
                        {"path": "main.py", "line": 13},
                        {"path": "geo.py", "line": 8},
                    ],
                },
                {
                    "code": "BLK001",
                    "witness": [
                        {"path": "main.py", "line": 13},
                        {"path": "geo.py", "line": 9},
                    ],
                },
                {"code": "BLK001", "witness": []},
            ],
        }
    )
    assert sites.parse_blockpath(text, ROOT) == {Site("main.py", 13)}


def test_therapist_counts_blocking_calls_alone_and_paths_become_relative():
    rules = ("FASTT001", "FASTT003", "FASTT006", "FASTT070")
    text = json.dumps(
        {
            "diagnostics": [
                {"filePath": "/trees/shop/app/a.py", "rule": rule, "line": number}
                for number, rule in enumerate(rules, 1)
            ]
        }
    )
    assert sites.parse_therapist(text, ROOT) == {
        Site("app/a.py", 1),
        Site("app/a.py", 3),
    }


def test_ruff_counts_blocking_calls_alone():
    text = json.dumps(
        [
            {
                "code": code,
                "filename": "/trees/shop/app/a.py",
                "location": {"row": row, "column": 1},
            }
            for row, code in enumerate(("ASYNC109", "ASYNC210", "ASYNC251", None), 1)
        ]
    )
    assert sites.parse_ruff(text, ROOT) == {Site("app/a.py", 2), Site("app/a.py", 3)}


def test_flake8_async_lines_that_begin_no_finding_are_passed_over():
    text = (
        "/trees/shop/app/a.py:14:5: ASYNC251 Blocking sync call `time.sleep(...)`.\n"
        "    see the documentation:\n"
        "/trees/shop/app/a.py:20:1: ASYNC124 Async function with no `await`.\n"
        "/trees/shop/app/b c.py:7:9: ASYNC230 Sync call open in async function.\n"
    )
    assert sites.parse_flake8_async(text, ROOT) == {
        Site("app/a.py", 14),
        Site("app/b c.py", 7),
    }


@pytest.mark.parametrize(
    "parse",
    [
        sites.parse_roadworthy,
        sites.parse_hydroid,
        sites.parse_blockpath,
        sites.parse_therapist,
        sites.parse_ruff,
    ],
)
@pytest.mark.parametrize("text", ["", "error: no such folder", "{}", "null", "3"])
def test_output_that_is_no_report_is_an_error_and_not_silence(parse, text):
    with pytest.raises(OutputError):
        parse(text, ROOT)


def test_finding_of_a_shape_unknown_is_an_error():
    text = '{"findings": [{"rule": "RW301", "path": "a.py", "line": "3"}]}'
    with pytest.raises(OutputError, match="line"):
        sites.parse_roadworthy(text, ROOT)


def test_path_outside_the_tree_is_an_error():
    with pytest.raises(OutputError, match="elsewhere"):
        sites.parse_flake8_async("/elsewhere/a.py:1:1: ASYNC210 x\n", ROOT)


def test_python_files_leave_out_hidden_folders(tmp_path):
    for path in ("b.py", "a/c.py", ".cache/d.py", "a/.e.py", "f.txt"):
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).touch()
    assert list(sites.python_files(tmp_path)) == ["a/c.py", "b.py"]
