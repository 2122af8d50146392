"""Reports as bytes: what goes in comes out, and foreign bytes are no report."""

from __future__ import annotations

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from roadworthy.findings import (
    SEVERITIES,
    Edit,
    Entry,
    Finding,
    Fix,
    Report,
    Step,
    Unread,
    Unresolved,
)
from roadworthy.project.reports import pack_report, unpack_report

texts = st.text(st.characters(), max_size=8)  # lone surrogates too
lines = st.integers(min_value=0, max_value=2**40)
entries = st.builds(Entry, texts, texts, texts, texts, lines)
edits = st.builds(Edit, texts, lines, lines, lines, lines, texts)
fixes = st.builds(Fix, st.booleans(), st.lists(edits, max_size=3).map(tuple), texts)
findings = st.builds(
    Finding,
    rule=texts,
    name=texts,
    severity=st.sampled_from(SEVERITIES),
    path=texts,
    line=lines,
    column=lines,
    end_line=lines,
    end_column=lines,
    message=texts,
    why=texts,
    instead=texts,
    entry=st.none() | entries,
    chain=st.lists(st.builds(Step, texts, lines, lines, texts, texts), max_size=3).map(
        tuple
    ),
    fix=st.none() | fixes,
    other_entries=st.lists(entries, max_size=3).map(tuple),
)
figures = st.integers() | st.floats(allow_nan=False) | texts
reports = st.builds(
    Report,
    findings=st.lists(findings, max_size=4).map(tuple),
    unread=st.lists(st.builds(Unread, texts, lines, texts), max_size=3).map(tuple),
    notes=st.lists(texts, max_size=3).map(tuple),
    unresolved=st.lists(
        st.builds(Unresolved, texts, lines, lines, texts), max_size=3
    ).map(tuple),
    stats=st.dictionaries(texts, figures, max_size=4),
)
documents = st.recursive(
    st.none() | st.booleans() | st.integers() | texts,
    lambda inner: st.lists(inner, max_size=5)
    | st.dictionaries(texts, inner, max_size=3),
    max_leaves=30,
)


@settings(deadline=None, max_examples=50)
@given(reports)
def test_reports_come_back_as_they_were(report: Report) -> None:
    assert unpack_report(pack_report(report)) == report


@settings(deadline=None, max_examples=50)
@given(reports, st.data())
def test_a_part_of_the_bytes_is_no_report(report: Report, data: st.DataObject) -> None:
    packed = pack_report(report)
    end = data.draw(st.integers(min_value=0, max_value=len(packed) - 1))
    assert unpack_report(packed[:end]) is None


@settings(deadline=None)
@given(st.binary(max_size=40) | documents.map(lambda d: json.dumps(d).encode()))
def test_foreign_bytes_raise_nothing(foreign: bytes) -> None:
    report = unpack_report(foreign)
    assert report is None or isinstance(report, Report)


def test_bytes_of_another_layout_are_no_report() -> None:
    fields = [""] * 11
    for fix in ([], [True], {}, "x"):
        finding = [*fields, None, [], fix, []]
        data = json.dumps([[finding], [], [], [], {}]).encode()
        assert unpack_report(data) is None
