"""Applies every safe fix to copies of given trees, and says what that did to them.

    python benchmarks/fixes/trees.py TREE[:PYTHON[:TESTS]] ...

TREE is a folder. PYTHON is the interpreter of its environment: with it, the modules of
the copy are imported before and after, which runs their code. TESTS is a command that is
run in the copy before and after. Nothing is written into the trees themselves.

Printed for each tree: files and fixes, how many were taken back, whether all parse,
whether every module imports as before, whether a second run changes nothing, and whether
each changed line belongs to an edit (or is an import that one needs).
"""

from __future__ import annotations

import argparse
import ast
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

from roadworthy.fixes import trial
from roadworthy.fixes.edits import changed_blocks, split
from roadworthy.fixes.rounds import Options, Outcome, Round, fix
from roadworthy.project.config import Settings, load_settings
from roadworthy.project.discovery import discover
from roadworthy.project.modules import ModuleIndex
from roadworthy.syntax.source import UnreadableSource, parse_source

IMPORTER = """\
import importlib, json, os, sys, warnings
warnings.simplefilter("ignore")
out = os.dup(1); os.dup2(2, 1)
found = {}
for name in json.load(sys.stdin):
    try:
        importlib.import_module(name)
        found[name] = "ok"
    except BaseException as error:
        found[name] = type(error).__name__
os.write(out, json.dumps(found).encode()); os._exit(0)
"""
"""Imports modules, one after the other, and prints what came of each."""

_SECONDS = 900
_LEFT_OUT = shutil.ignore_patterns(
    "node_modules", ".git", "__pycache__", ".venv", ".roadworthy_cache", "*.pyc"
)


def main() -> int:
    """Run over the trees of the command line; 1 where something is not as it should be."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("trees", nargs="+", metavar="TREE[:PYTHON[:TESTS]]")
    parser.add_argument("--unsafe", action="store_true", help="all fixes")
    parser.add_argument("--select", default="", help="codes, comma-separated")
    parser.add_argument("--diff", metavar="FOLDER", help="keep each tree's diff here")
    parser.add_argument("--no-imports", action="store_true", help="import nothing")
    options = parser.parse_args()
    good = True
    for text in options.trees:
        tree, _, rest = text.partition(":")
        python, _, tests = rest.partition(":")
        good = run(Path(tree), python, tests, options) and good
    return 0 if good else 1


def run(tree: Path, python: str, tests: str, options: argparse.Namespace) -> bool:
    """Fix a copy of a tree, print what came of it, and tell whether all is well."""
    with tempfile.TemporaryDirectory(prefix="roadworthy-fixes-") as temporary:
        root = Path(temporary).resolve() / tree.name
        shutil.copytree(tree, root, ignore=_LEFT_OUT, symlinks=True)
        (root / ".git").mkdir(exist_ok=True)
        settings = load_settings(root)
        settings = Settings(
            root=root,
            exclude=settings.exclude,
            python=Path(python) if python else None,
            use_cache=False,
        )
        print(f"{tree.name}")
        passed_before = _tests(root, tests)
        # Imported where they will be again: what modules write is there both times.
        index = ModuleIndex.build(discover(root))
        modules = {f.relative: index.name(f.relative) for f in discover(root).files}
        wanted = Options(
            unsafe=options.unsafe,
            select=tuple(code for code in options.select.split(",") if code),
        )
        begun = resource.getrusage(resource.RUSAGE_SELF).ru_utime
        outcome = fix(settings, wanted)
        used = resource.getrusage(resource.RUSAGE_SELF).ru_utime - begun
        changed = [p for p in outcome.results if p in modules]
        names = [] if options.no_imports else [modules[path] for path in changed]
        imported = _imported(root, python, index, names)
        trial.put(root, dict(outcome.results))
        after = _imported(root, python, index, names)
        second = fix(settings, wanted)
        passed_after = _tests(root, tests)
        if options.diff:
            _keep_diff(Path(options.diff), tree.name, outcome)
        return _print(
            outcome,
            used,
            (imported, after),
            second,
            (passed_before, passed_after),
        )


def _print(
    outcome: Outcome,
    used: float,
    imports: tuple[Mapping[str, str], Mapping[str, str]],
    second: Outcome,
    tests: tuple[str, str],
) -> bool:
    rules = Counter(c.rule for p in outcome.applied for c in p.claims)
    listed = " ".join(f"{rule}:{count}" for rule, count in sorted(rules.items()))
    print(f"  files changed        {len(outcome.results)}")
    print(f"  findings fixed       {sum(rules.values())}  {listed}")
    print(f"  taken back           {len(outcome.refused)}")
    for refused in outcome.refused:
        first = refused.proposal.claims[0] if refused.proposal.claims else None
        place = f"{first.rule} {first.path}:{first.line}" if first else "rewriting"
        print(f"    {place}: {refused.reason[:150]}")
    broken = [p for p, data in outcome.results.items() if not _parses(p, data)]
    print(f"  do not parse         {len(broken)} {' '.join(broken)}")
    before, after = imports
    worse = {n: (before[n], after.get(n)) for n in before if before[n] != after.get(n)}
    works = sum(1 for state in before.values() if state == "ok")
    print(f"  modules imported     {len(before)} ({works} without an error)")
    print(f"  import otherwise     {len(worse)} {worse or ''}")
    print(f"  second run changes   {len(second.results)} {' '.join(second.results)}")
    stray = [place for round_ in outcome.rounds for place in _stray(round_)]
    print(f"  lines beside edits   {len(stray)} {' '.join(stray)}")
    if tests[0]:
        print(f"  tests before         {tests[0]}")
        print(f"  tests after          {tests[1]}")
    print(f"  rounds, CPU seconds  {len(outcome.rounds)}, {used:.1f}", flush=True)
    return not (broken or worse or second.results or stray or tests[0] != tests[1])


def _parses(path: str, data: bytes) -> bool:
    try:
        parse_source(data, Path(path))
    except UnreadableSource:
        return False
    return True


def _stray(round_: Round) -> Iterator[str]:
    """Yield the places that a round changed and that are part of none of its edits.

    An edit may change the statement that it stands in, since the formatter goes over it;
    and imports are added and taken out.
    """
    spans: dict[str, list[tuple[int, int]]] = {}
    for proposal in round_.applied:
        for edit in proposal.fix.edits:
            spans.setdefault(edit.path, []).append((edit.line, edit.end_line))
    for path, document in round_.before.items():
        old = split(document.text)
        new = split(round_.after[path].text)
        statements = list(_statements(document.text))
        known = [
            (
                min([first, *(s for s, e in statements if s <= last and first <= e)]),
                max([last, *(e for s, e in statements if s <= last and first <= e)]),
            )
            for first, last in spans.get(path, ())
        ]
        for a, b, c, d in changed_blocks(old, new):
            lines = [line for line in (*old[a:b], *new[c:d]) if line.strip()]
            if all(_is_import(line) for line in lines):
                continue
            if not any(first - 1 <= b and a <= last for first, last in known):
                yield f"{path}:{a + 1}"


def _statements(text: str) -> Iterator[tuple[int, int]]:
    """Yield the lines of simple statements and of the heads of others."""
    for node in ast.walk(parse_source(text, Path("x.py")).tree):
        if isinstance(node, ast.stmt) and not isinstance(node, ast.Import):
            body = getattr(node, "body", None)
            end = body[0].lineno - 1 if isinstance(body, list) else node.end_lineno
            first = min([node.lineno, *(d.lineno for d in _decorators(node))])
            yield first, max(end or first, first)


def _decorators(node: ast.stmt) -> list[ast.expr]:
    return getattr(node, "decorator_list", [])


def _is_import(line: str) -> bool:
    text = line.strip().partition("#")[0].strip()
    return text.startswith(("import ", "from ")) or all(
        part.strip().replace(" as ", "").isidentifier()
        or part.strip() in ("", ")", "(")
        for part in text.split(",")
    )


def _imported(
    root: Path, python: str, index: ModuleIndex, names: list[str]
) -> dict[str, str]:
    """Import modules with the tree's own interpreter; return what came of each."""
    if not python or not names:
        return {}
    roots = [str(root / folder) for folder in index.roots]
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(roots),
        "PYTHONDONTWRITEBYTECODE": "1",
        "HOME": str(root),
        "DATA_DIR": str(root / ".data"),
    }
    try:
        done = subprocess.run(
            [python, "-c", IMPORTER],
            input=json.dumps(names).encode(),
            capture_output=True,
            cwd=root,
            env=environment,
            timeout=_SECONDS,
            check=False,
        )
        return dict(json.loads(done.stdout))
    except (subprocess.TimeoutExpired, ValueError):
        return dict.fromkeys(names, "no answer")


def _tests(root: Path, command: str) -> str:
    """Run the tests; return the last line of what they print."""
    if not command:
        return ""
    done = subprocess.run(
        command, shell=True, cwd=root, capture_output=True, check=False
    )
    lines = done.stdout.decode(errors="replace").strip().splitlines()
    # Without the time that it took.
    last = lines[-1].partition(" in ")[0].strip("= ") if lines else ""
    return f"{last or 'nothing printed'} (status {done.returncode})"


def _keep_diff(folder: Path, name: str, outcome: Outcome) -> None:
    from roadworthy.output.fixes import diff

    folder.mkdir(parents=True, exist_ok=True)
    lines = diff(outcome.originals, outcome.results)
    (folder / f"{name}.diff").write_text("".join(lines), encoding="utf-8", newline="")


if __name__ == "__main__":
    sys.exit(main())
