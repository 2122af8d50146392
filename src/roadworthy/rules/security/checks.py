"""Whether a value is checked before it is used: compared, matched, validated."""

from __future__ import annotations

import ast
import re

from roadworthy.rules import kinds
from roadworthy.rules.files import FunctionNode, ReviewedFile, own_nodes
from roadworthy.rules.nodes import walk
from roadworthy.rules.review import Review
from roadworthy.rules.security.bindings import carriers_of, mentions
from roadworthy.rules.security.words import words
from roadworthy.rules.trees import dotted, names_in
from roadworthy.values.atoms import Function, Instance, Value
from roadworthy.values.program import ClassInfo

_MATCHING = frozenset(
    {
        "startswith",
        "is_relative_to",
        "match",
        "fullmatch",
        "search",
        "isalnum",
        "isidentifier",
        "isdigit",
        "isdecimal",
        "commonpath",
        "relative_to",
        "commonprefix",
        "issubset",
        "samefile",
    }
)
_CHECKING = frozenset(
    {
        "validate",
        "validated",
        "validator",
        "check",
        "verify",
        "ensure",
        "assert",
        "safe",
        "sanitize",
        "sanitise",
        "clean",
        "allowed",
        "guard",
        "resolve",
        "ssrf",
        "secure",
        "normalize",
        "permitted",
        "confine",
        "require",
        "is",
    }
)
_KINDS_OF_ADDRESS = frozenset(
    {
        "is_global",
        "is_link_local",
        "is_loopback",
        "is_multicast",
        "is_private",
        "is_reserved",
        "is_unspecified",
    }
)
"""What an IP address is asked for, to keep requests out of one's own network."""


class Checks:
    """Looks for checks in functions; what it learns of a function is kept."""

    def __init__(self, review: Review) -> None:
        self.review = review
        self._carried: dict[
            tuple[FunctionNode, str | None], tuple[frozenset[str], frozenset[str]]
        ] = {}

    def is_guarded(
        self,
        file: ReviewedFile,
        function: FunctionNode,
        node: ast.expr,
        host: bool = False,
    ) -> bool:
        """Whether what a value is made of is checked before it is used.

        Where the host of a URL matters, a check of its scheme alone is none.
        """
        key = (function, dotted(node))
        known = self._carried.get(key)
        if known is None:
            carried = carriers_of(file, function, node)
            known = self._carried[key] = (
                carried,
                self._verdicts(file, function, carried),
            )
        carriers, verdicts = known
        for part in own_nodes(function):
            if getattr(part, "lineno", node.lineno) > node.lineno:
                continue
            if isinstance(part, (ast.If, ast.Assert, ast.While, ast.IfExp)):
                if self._tests(file, part.test, carriers, host):
                    return True
                if verdicts and mentions(part.test, verdicts):
                    return True
            elif isinstance(part, ast.Match):
                if mentions(part.subject, carriers):
                    return True
            elif isinstance(part, ast.Call) and self._validates(file, part, carriers):
                return True
        return False

    def is_validated(self, owner: Value, name: str) -> bool:
        """Whether a schema's own validator, or a pattern, checks a field."""
        return any(
            isinstance(base, ClassInfo) and self._validates_field(base, name)
            for atom in owner
            if isinstance(atom, Instance) and kinds.is_model(atom)
            for base in atom.cls.mro
        )

    def _validates_field(self, cls: ClassInfo, name: str) -> bool:
        node = self.review.class_node(cls)
        for part in node.body if node is not None else ():
            if isinstance(part, (ast.FunctionDef, ast.AsyncFunctionDef)):
                for decorator in part.decorator_list:
                    if isinstance(decorator, ast.Call) and _is_validator(
                        decorator, part, name
                    ):
                        return True
            elif (
                isinstance(part, ast.AnnAssign)
                and isinstance(part.target, ast.Name)
                and part.target.id == name
            ):
                for inner in walk(part):
                    if isinstance(inner, ast.keyword) and inner.arg in (
                        "pattern",
                        "regex",
                    ):
                        return True
                    if isinstance(inner, ast.Name) and inner.id.endswith("Validator"):
                        return True
        return False

    def _verdicts(
        self, file: ReviewedFile, function: FunctionNode, carriers: frozenset[str]
    ) -> frozenset[str]:
        """Return the names that hold what the project's functions say of a value."""
        found: set[str] = set()
        for part in own_nodes(function):
            if not isinstance(part, (ast.Assign, ast.AnnAssign)):
                continue
            call = part.value
            if isinstance(call, ast.Await):
                call = call.value
            if (call is not None and _looks_up(call, carriers)) or (
                isinstance(call, ast.Call)
                and any(
                    mentions(given, carriers)
                    for given in (*call.args, *(k.value for k in call.keywords))
                )
                and any(
                    isinstance(atom, Function)
                    and self.review.node_of(atom.function) is not None
                    for atom in self.review.callees(file, call)
                )
            ):
                targets = (
                    part.targets if isinstance(part, ast.Assign) else [part.target]
                )
                for target in targets:
                    found |= names_in(target)
        return frozenset(found)

    def _tests(
        self,
        file: ReviewedFile,
        test: ast.expr,
        carriers: frozenset[str],
        host: bool,
    ) -> bool:
        for part in walk(test):
            if host and _asks_for_scheme(part, carriers):
                continue
            if isinstance(part, ast.Attribute):
                # Of a parsed URL: a relative one has no host.
                if part.attr in _KINDS_OF_ADDRESS or (
                    part.attr in ("netloc", "hostname") and _is_truth(test, part)
                ):
                    if mentions(part.value, carriers):
                        return True
            elif isinstance(part, ast.Compare):
                sides = (part.left, *part.comparators)
                if any(mentions(side, carriers) for side in sides) and not any(
                    _is_empty(side) for side in sides
                ):
                    return True
            elif isinstance(part, ast.Call):
                given = (*part.args, *(k.value for k in part.keywords))
                target = part.func
                if isinstance(target, ast.Attribute) and target.attr in _MATCHING:
                    if any(mentions(n, carriers) for n in (target.value, *given)):
                        return True
                elif any(mentions(argument, carriers) for argument in given):
                    if any(
                        isinstance(atom, Function)
                        for atom in self.review.callees(file, part)
                    ):
                        return True
        return False

    def _validates(
        self, file: ReviewedFile, call: ast.Call, carriers: frozenset[str]
    ) -> bool:
        """Whether a call raises where a value is not as it must be."""
        given = (*call.args, *(k.value for k in call.keywords))
        target = call.func
        last = target.attr if isinstance(target, ast.Attribute) else ""
        if last in ("relative_to", "commonpath"):
            owner = target.value if isinstance(target, ast.Attribute) else target
            return any(mentions(n, carriers) for n in (owner, *given))
        if not any(mentions(argument, carriers) for argument in given):
            return False
        if isinstance(target, ast.Name):
            last = target.id
        if _CHECKING.isdisjoint(words(last)):
            return False
        callees = self.review.callees(file, call)
        return not callees or any(isinstance(atom, Function) for atom in callees)


def _looks_up(node: ast.expr, carriers: frozenset[str]) -> bool:
    """Whether what is known is searched for a value: `[k for k in known if k.url == url]`.

    What was found, if anything, tells whether the value is one of the known.
    """
    return any(
        isinstance(test, ast.Compare)
        and isinstance(test.ops[0], (ast.Eq, ast.In))
        and mentions(test, carriers)
        for part in walk(node)
        if isinstance(part, (ast.ListComp, ast.SetComp, ast.GeneratorExp))
        for generator in part.generators
        if not mentions(generator.iter, carriers)
        for test in generator.ifs
    )


def _is_validator(
    decorator: ast.Call, method: ast.FunctionDef | ast.AsyncFunctionDef, name: str
) -> bool:
    function = decorator.func
    last = function.attr if isinstance(function, ast.Attribute) else ""
    if isinstance(function, ast.Name):
        last = function.id
    if last in ("field_validator", "validator"):
        return any(
            isinstance(given, ast.Constant) and given.value in (name, "*")
            for given in decorator.args
        )
    return last in ("model_validator", "root_validator") and any(
        (isinstance(part, ast.Attribute) and part.attr == name)
        or (isinstance(part, ast.Constant) and part.value == name)
        for part in walk(method)
    )


_SCHEME = re.compile(r"\^?\(?[A-Za-z][A-Za-z0-9+.\-?|]*\)?(:(/?/?))?")


def _asks_for_scheme(test: ast.AST, carriers: frozenset[str]) -> bool:
    """Whether a test of a URL only tells `http` from other schemes."""
    if isinstance(test, ast.Compare):
        sides = [
            side for side in (test.left, *test.comparators) if mentions(side, carriers)
        ]
        return bool(sides) and all(
            isinstance(side, ast.Attribute) and side.attr == "scheme" for side in sides
        )
    if not isinstance(test, ast.Call) or not isinstance(test.func, ast.Attribute):
        return False
    if test.func.attr not in ("startswith", "match", "search", "fullmatch"):
        return False
    texts = [
        node.value
        for argument in test.args
        for node in walk(argument, ast.Constant)
        if isinstance(node.value, str)
    ]
    return bool(texts) and all(_SCHEME.fullmatch(text) for text in texts)


def _is_truth(test: ast.expr, part: ast.expr) -> bool:
    """Whether a part of a test is asked for its own truth."""
    if isinstance(test, ast.BoolOp):
        return any(_is_truth(value, part) for value in test.values)
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        return _is_truth(test.operand, part)
    return test is part


def _is_empty(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value in (None, "", True, False, 0)
