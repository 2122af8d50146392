"""From a finding back to the syntax it stands on, and from syntax to edits."""

from __future__ import annotations

import ast
import io
import tokenize
from typing import TypeVar

from roadworthy.findings import Edit, Finding
from roadworthy.rules.files import ReviewedFile
from roadworthy.rules.review import Review
from roadworthy.syntax.source import SourceFile

N = TypeVar("N", bound=ast.AST)


def file_of(review: Review, finding: Finding) -> ReviewedFile | None:
    """Return the file that a finding stands in; None where it cannot be read."""
    return file_at(review, finding.path)


def file_at(review: Review, path: str) -> ReviewedFile | None:
    """Return the file of a path of a report; None where it cannot be read."""
    file = review.once(_files_by_path).get(path)
    return file if file is not None and file.source is not None else None


def _files_by_path(review: Review) -> dict[str, ReviewedFile]:
    return {file.relative: file for file in review.all_files}


def nodes_at(file: ReviewedFile, finding: Finding, *kinds: type[N]) -> list[N]:
    """Return the nodes of exactly these types that begin where a finding stands."""
    assert file.source is not None
    # Of one line: a long file has many findings, and each would look at all its nodes.
    return [
        node
        for kind in kinds
        for node in file.nodes_on(finding.line, kind)
        if file.source.column(finding.line, getattr(node, "col_offset", 0)) + 1
        == finding.column
    ]


def node_at(file: ReviewedFile, finding: Finding, *kinds: type[N]) -> N | None:
    """Return the node of these types whose span is exactly the finding's."""
    assert file.source is not None
    for node in nodes_at(file, finding, *kinds):
        if (_end(file.source, node)) == (finding.end_line, finding.end_column):
            return node
    return None


def _start(source: SourceFile, node: ast.AST) -> tuple[int, int]:
    line: int = getattr(node, "lineno", 1)
    return line, source.column(line, getattr(node, "col_offset", 0)) + 1


def _end(source: SourceFile, node: ast.AST) -> tuple[int, int]:
    line: int = getattr(node, "end_lineno", 0) or getattr(node, "lineno", 1)
    return line, source.column(line, getattr(node, "end_col_offset", None) or 0) + 1


def replace(file: ReviewedFile, node: ast.AST, text: str) -> Edit:
    """Return the edit that puts a text in the place of a node."""
    assert file.source is not None
    return Edit(
        file.relative, *_start(file.source, node), *_end(file.source, node), text
    )


def before(file: ReviewedFile, node: ast.AST, text: str) -> Edit:
    """Return the edit that puts a text before a node."""
    assert file.source is not None
    start = _start(file.source, node)
    return Edit(file.relative, *start, *start, text)


def after(file: ReviewedFile, node: ast.AST, text: str) -> Edit:
    """Return the edit that puts a text after a node."""
    assert file.source is not None
    end = _end(file.source, node)
    return Edit(file.relative, *end, *end, text)


def between(file: ReviewedFile, first: ast.AST, last: ast.AST, text: str) -> Edit:
    """Return the edit that replaces all from the begin of one node to the end of another."""
    assert file.source is not None
    return Edit(
        file.relative, *_start(file.source, first), *_end(file.source, last), text
    )


def source_text(file: ReviewedFile, node: ast.AST) -> str:
    """Return the source of a node as written, line ends as `\\n`."""
    source = file.source
    assert source is not None
    (line, column), (end_line, end_column) = _start(source, node), _end(source, node)
    lines = source.lines[line - 1 : end_line]
    if line == end_line:
        return lines[0][column - 1 : end_column - 1]
    return "\n".join(
        (lines[0][column - 1 :], *lines[1:-1], lines[-1][: end_column - 1])
    )


def indent_of(file: ReviewedFile, node: ast.AST) -> str:
    """Return the white space before the first character of a node's line."""
    line = file.lines[getattr(node, "lineno", 1) - 1]
    return line[: len(line) - len(line.lstrip())]


def argument(file: ReviewedFile, call: ast.Call, text: str) -> Edit:
    """Return the edit that adds a keyword argument at the end of a call."""
    given: list[ast.AST] = [*call.args, *call.keywords]
    if not given:
        assert file.source is not None
        line, column = _end(file.source, call)
        return Edit(file.relative, line, column - 1, line, column - 1, text)
    last = max(given, key=_position_of_end)
    # A keyword without a name is `**more`: what is named may follow it.
    return after(file, last, f", {text}")


def _position_of_end(node: ast.AST) -> tuple[int, int]:
    return getattr(node, "end_lineno", 0) or 0, getattr(node, "end_col_offset", 0) or 0


def keyword_edit(file: ReviewedFile, node: ast.stmt, word: str, new: str) -> Edit:
    """Return the edit that replaces the word with which a statement begins."""
    assert file.source is not None
    line, column = _start(file.source, node)
    assert file.lines[line - 1][column - 1 :].startswith(word)
    return Edit(file.relative, line, column, line, column + len(word), new)


def below(file: ReviewedFile, node: ast.AST, text: str) -> Edit:
    """Return the edit that adds lines below the last line of a node, its comment kept."""
    line: int = getattr(node, "end_lineno", 0) or 1
    column = len(file.lines[line - 1]) + 1
    return Edit(file.relative, line, column, line, column, f"\n{text}")


def result_annotation(
    file: ReviewedFile, function: ast.FunctionDef | ast.AsyncFunctionDef, text: str
) -> Edit | None:
    """Return the edit that adds a return annotation; None where none can be placed."""
    rest = "\n".join(file.lines[function.lineno - 1 : function.body[0].lineno]) + "\n"
    depth = 0
    try:
        for token in tokenize.generate_tokens(io.StringIO(rest).readline):
            if token.string in "([{" and token.type == tokenize.OP:
                depth += 1
            elif token.string in ")]}" and token.type == tokenize.OP:
                depth -= 1
                if depth == 0 and token.string == ")":
                    line, column = token.end
                    place = (function.lineno + line - 1, column + 1)
                    return Edit(file.relative, *place, *place, f" -> {text}")
    except (tokenize.TokenError, SyntaxError):
        return None
    return None
