"""Counts what becomes of the event-loop findings of trees: fixed, how, or left and why.

    python benchmarks/fixes/loop.py [--verify] TREE[:PYTHON] ...

TREE is a folder, PYTHON the interpreter of its environment. Printed for each tree and
rule (RW104, RW301 to RW308): findings, fixes that are safe and unsafe, what is left, and
how many findings `--deep` takes by turning their chain asynchronous; then the reasons.

With `--verify`, all fixes are laid into a copy, which is checked anew: whether each file
parses, which of the findings are still there, and which findings of any rule have come.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from roadworthy import analysis
from roadworthy.checking import check
from roadworthy.findings import Finding
from roadworthy.fixes.attach import attach, first_party_of
from roadworthy.fixes.deep import plan
from roadworthy.fixes.lay import Rewriting, choose, lay, proposals
from roadworthy.project.config import Settings, load_settings
from roadworthy.project.discovery import discover
from roadworthy.project.environment import find_environment
from roadworthy.rules import registry
from roadworthy.rules.event_loop import report
from roadworthy.rules.review import Review

_LEFT_OUT = shutil.ignore_patterns(".git", "__pycache__", ".venv", "node_modules")


def main() -> int:
    """Print the table for the trees of the command line."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("trees", nargs="+", metavar="TREE[:PYTHON]")
    parser.add_argument("--verify", action="store_true")
    options = parser.parse_args()
    print("| tree | rule | findings | safe | unsafe | left | deep |")
    print("|---|---|--:|--:|--:|--:|--:|")
    remarks: list[str] = []
    for tree in options.trees:
        path, _, python = tree.partition(":")
        settings = load_settings(Path(path))
        settings = Settings(
            root=settings.root,
            exclude=settings.exclude,
            tests=settings.tests,
            python=Path(python) if python else settings.python,
            use_cache=False,
        )
        remarks += _tree(Path(path), settings, options.verify)
    print()
    print("\n".join(remarks))
    return 0


def _tree(root: Path, settings: Settings, verify: bool) -> list[str]:
    name = root.resolve().name
    findings, deep, texts, first_party = _decided(settings)
    claimed = {
        (claim.rule, claim.path, claim.line)
        for proposal in deep.proposals
        for claim in proposal.claims
    }
    rows: Counter[tuple[str, str]] = Counter()
    reasons: Counter[tuple[str, str]] = Counter()
    for finding in findings:
        fix = finding.fix
        kind = "left" if fix is None else "safe" if fix.safe else "unsafe"
        rows[finding.rule, kind] += 1
        rows[finding.rule, "all"] += 1
        if (finding.rule, finding.path, finding.line) in claimed:
            rows[finding.rule, "deep"] += 1
        if fix is None:
            # Reasons that name a place differ in it alone.
            reasons[finding.rule, finding.unfixed.rpartition(": ")[2]] += 1
    for rule in sorted({rule for rule, _ in rows}):
        kinds = ("all", "safe", "unsafe", "left", "deep")
        cells = " | ".join(str(rows[rule, kind]) for kind in kinds)
        print(f"| {name} | {rule} | {cells} |")
    remarks = [
        f"{name}: {count} of {rule} left: {reason}"
        for (rule, reason), count in sorted(reasons.items())
    ]
    remarks += [
        f"{name}: not deep: {left.path}:{left.line}: {left.reason}"
        for left in deep.left
    ]
    if verify:
        remarks += _verified(name, settings, findings, texts, first_party)
    return remarks


def _decided(
    settings: Settings,
) -> tuple[list[Finding], Rewriting, dict[str, str], frozenset[str]]:
    def use(
        review: Review,
    ) -> tuple[list[Finding], Rewriting, dict[str, str], frozenset[str]]:
        found = report.findings(review.walked.sites, review.sources)
        handlers = registry.load("RW104").check
        assert handlers is not None
        found.extend(handlers(review))
        texts = {f.relative: f.source.text for f in review.all_files if f.source}
        fixed = attach(review, found)
        return fixed, plan.rewrite(review), texts, first_party_of(review)

    discovery = discover(settings.root, settings.exclude, settings.base)
    environment, _ = find_environment(discovery.root, settings.python)
    result, _, _ = analysis.load(discovery, settings, environment, None, use)
    return result


def _verified(
    name: str,
    settings: Settings,
    findings: Sequence[Finding],
    texts: dict[str, str],
    first_party: frozenset[str],
) -> list[str]:
    taken, waiting = choose(proposals(findings))
    changed = lay(texts, taken, first_party)
    remarks = [
        f"{name}: verified: {len(taken)} fixes in one round, {len(waiting)} wait"
    ]
    for path, text in changed.items():
        try:
            compile(text, path, "exec", dont_inherit=True)
        except SyntaxError as error:
            remarks.append(f"{name}: verified: {path} does not compile: {error}")
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "tree"
        shutil.copytree(settings.root, copy, ignore=_LEFT_OUT, symlinks=True)
        before = _places(settings, settings.root)
        for path, text in changed.items():
            (copy / path).write_text(text, encoding="utf-8", newline="")
        after = _places(settings, copy)
    for (rule, path), count in sorted((after - before).items()):
        remarks.append(f"{name}: verified: {count} more of {rule} in {path}")
    still = sum(count for (rule, _), count in after.items() if _is_loop(rule))
    were = sum(count for (rule, _), count in before.items() if _is_loop(rule))
    remarks.append(f"{name}: verified: {were} findings before, {still} after one round")
    return remarks


def _is_loop(rule: str) -> bool:
    return rule == "RW104" or rule.startswith("RW30")


def _places(settings: Settings, root: Path) -> Counter[tuple[str, str]]:
    wanted = Settings(
        root=root,
        exclude=settings.exclude,
        tests=settings.tests,
        python=settings.python,
        ignore=("RW101", "RW102", "RW103"),
        use_cache=False,
    )
    found = check(wanted, None).findings
    return Counter((finding.rule, finding.path) for finding in found)


if __name__ == "__main__":
    sys.exit(main())
