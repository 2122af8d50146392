"""Comments that silence findings: `# noqa: RW301`, `# roadworthy: ignore[RW301] reason`.

As in ruff, a bare `# noqa` silences everything on its line. One that names a rule of
roadworthy and silences nothing is itself reported (RW001), so that it does not outlive
its cause.
"""

from __future__ import annotations

import io
import json
import re
import tokenize
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from roadworthy.findings import Finding
from roadworthy.project.cache import Cache
from roadworthy.project.discovery import SourceFile

UNUSED = "RW001"
UNUSED_NAME = "unused-suppression"

# What a file must hold for its comments to matter: most such comments name codes of
# other tools only, and tokenizing those would take most of a first run.
_MARKER = re.compile(
    rb"#\s*noqa(?![\w:]|[ \t]+:)|#\s*noqa\s*:[^\n]*RW\d|#\s*roadworthy\s*:\s*ignore\b",
    re.IGNORECASE,
)
_NOQA = re.compile(
    r"#\s*noqa(?P<list>\s*:\s*(?P<codes>[A-Z]+[0-9]+(?:[\s,]+[A-Z]+[0-9]+)*))?(?!\w)",
    re.IGNORECASE,
)
_IGNORE = re.compile(
    r"#\s*roadworthy\s*:\s*ignore\s*\[(?P<codes>[^\]]*)\]", re.IGNORECASE
)
_CODE = re.compile(r"[A-Z]+[0-9]+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Suppression:
    """One suppression comment.

    `codes` are the rules of roadworthy that it names; empty for a bare `# noqa`, which
    silences all. Line and columns begin at 1, the end is excluded.
    """

    line: int
    column: int
    end_column: int
    codes: tuple[str, ...]


def suppressions(data: bytes) -> tuple[Suppression, ...]:
    """Return the suppression comments of a file's content, in order.

    Comments only: text in a string literal silences nothing. Where the file cannot be
    tokenized, each line is searched instead.
    """
    if not _MARKER.search(data):
        return ()
    try:
        tokens = tokenize.tokenize(io.BytesIO(data).readline)
        comments = [
            (*token.start, token.string)
            for token in tokens
            if token.type == tokenize.COMMENT
        ]
    except (tokenize.TokenError, SyntaxError, ValueError, RecursionError):
        lines = data.decode("utf-8", errors="replace").splitlines()
        comments = [
            (number, line.index("#"), line[line.index("#") :])
            for number, line in enumerate(lines, 1)
            if "#" in line
        ]
    found: list[Suppression] = []
    for line, column, text in comments:
        found.extend(_in_comment(line, column, text))
    return tuple(found)


def _in_comment(line: int, column: int, text: str) -> Iterable[Suppression]:
    for pattern in (_NOQA, _IGNORE):
        for match in pattern.finditer(text):
            listed = match["codes"]
            codes = tuple(code.upper() for code in _CODE.findall(listed or ""))
            own = tuple(code for code in codes if code.startswith("RW"))
            if listed is None and pattern is _NOQA:
                # A colon after it: what it names is no code.
                if text[match.end() :].lstrip().startswith(":"):
                    continue
            elif not own:
                continue
            yield Suppression(
                line, column + match.start() + 1, column + match.end() + 1, own
            )


def collect(
    files: Iterable[SourceFile], cache: Cache
) -> dict[str, tuple[Suppression, ...]]:
    """Return the suppression comments of each file that has any, by relative path.

    A file whose size and time are those of the last run is not read again.
    """
    known = cache.load_pack("suppressions")
    kept: dict[str, bytes] = {}
    result: dict[str, tuple[Suppression, ...]] = {}
    changed = False
    for file in files:
        key = f"{file.size}-{file.mtime_ns}-{file.relative}"
        packed = known.get(key)
        if packed is None:
            changed = True
            try:
                found = suppressions(file.path.read_bytes())
            except OSError:
                continue
            packed = _pack(found)
        elif packed:
            found = _unpack(packed)
        else:
            found = ()
        kept[key] = packed
        if found:
            result[file.relative] = found
    if changed or len(kept) != len(known):
        cache.save_pack("suppressions", kept)
    return result


def _pack(found: tuple[Suppression, ...]) -> bytes:
    if not found:
        return b""
    return json.dumps(
        [(s.line, s.column, s.end_column, s.codes) for s in found]
    ).encode()


def _unpack(data: bytes) -> tuple[Suppression, ...]:
    return tuple(
        Suppression(line, column, end, tuple(codes))
        for line, column, end, codes in json.loads(data)
    )


def apply(
    findings: Iterable[Finding],
    comments: Mapping[str, tuple[Suppression, ...]],
    selects: Callable[[str], bool],
    unread: Iterable[str] = (),
) -> tuple[list[Finding], int]:
    """Take out silenced findings and add one for each comment that silences nothing.

    A comment silences what begins or ends on its line. Returns what is left, in no
    order, and how many were silenced. Comments in `unread` files are not judged, nor are
    codes that `selects` says were not looked for.
    """
    by_line = {path: _by_line(listed) for path, listed in comments.items()}
    left: list[Finding] = []
    silenced = 0
    used: set[tuple[str, Suppression, str]] = set()
    for finding in findings:
        lines = by_line.get(finding.path, {})
        fitting = [
            comment
            for line in dict.fromkeys((finding.line, finding.end_line))
            for comment in lines.get(line, ())
            if not comment.codes or finding.rule in comment.codes
        ]
        if fitting:
            silenced += 1
            used.update((finding.path, comment, finding.rule) for comment in fitting)
        else:
            left.append(finding)
    if selects(UNUSED):
        skipped = frozenset(unread)
        for path, listed in comments.items():
            if path in skipped:
                continue
            for comment in listed:
                unused = [
                    code
                    for code in comment.codes
                    if selects(code) and (path, comment, code) not in used
                ]
                if unused and not _is_silenced(by_line[path], comment):
                    left.append(_finding(path, comment, unused))
    return left, silenced


def _by_line(listed: Iterable[Suppression]) -> dict[int, list[Suppression]]:
    lines: dict[int, list[Suppression]] = {}
    for comment in listed:
        lines.setdefault(comment.line, []).append(comment)
    return lines


def _is_silenced(lines: Mapping[int, list[Suppression]], comment: Suppression) -> bool:
    """Tell whether a comment beside this one says `ignore[RW001]`."""
    return any(UNUSED in other.codes for other in lines[comment.line])


def _finding(path: str, comment: Suppression, unused: list[str]) -> Finding:
    codes = ", ".join(f"`{code}`" for code in unused)
    return Finding(
        rule=UNUSED,
        name=UNUSED_NAME,
        severity="warning",
        path=path,
        line=comment.line,
        column=comment.column,
        end_line=comment.line,
        end_column=comment.end_column,
        message=f"this comment suppresses {codes}, but nothing on its line is found",
        why="A suppression that outlives its cause hides the next fault on its line.",
        instead=(
            "remove the comment"
            if len(unused) == len(comment.codes)
            else f"remove {codes} from the comment"
        ),
    )
