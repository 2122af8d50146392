"""Lower a syntax tree to the form that the evaluator runs (see `code`)."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Sequence
from typing import Any

from roadworthy.syntax import code as c
from roadworthy.syntax.code import Code, Node, Parameter

_NONE: Node = (c.CONST, None)
_LONGEST_STRING = 200
"""Strings beyond this length take no part in any decision; their type is enough."""

_FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef


def lower_module(tree: ast.Module) -> Node:
    """Return the code of a module's top level as a plain tuple (`Code(*...)` reads it).

    Nested functions are inside it, plain tuples too, so that `marshal` can write it.
    """
    scope = _Scope("", 1, None, set())
    body = scope.block(tree.body)
    reassigned = frozenset(scope.all_global_names)
    return _plain(
        "<module>",
        "",
        1,
        0,
        False,
        False,
        (),
        None,
        body,
        frozenset(),
        reassigned,
        frozenset(),
        False,
    )


def lower_expression(node: ast.expr) -> Node:
    """Return an expression of a module's top level in the evaluator's form."""
    return _Scope("", 1, None, set()).expression(node)


def lower_annotation(node: ast.expr) -> Node | None:
    """Return an annotation in the evaluator's form; texts are read as expressions."""
    return _Scope("", 1, None, set()).annotation(node)


def _plain(*parts: object) -> Node:
    return tuple(Code(*parts))  # type: ignore[arg-type]


class _Scope:
    """Lowers the statements of one function, class body or module."""

    def __init__(
        self,
        qualified_name: str,
        first: int,
        self_name: str | None,
        all_global_names: set[str],
    ) -> None:
        self.prefix = f"{qualified_name}." if qualified_name else ""
        self.first = first
        self.self_name = self_name
        self.bound: set[str] = set()
        self.global_names: set[str] = set()
        self.all_global_names = all_global_names
        self.self_attributes: set[str] = set()
        self.is_generator = False

    # -- positions ---------------------------------------------------------------

    def at(self, node: ast.expr | ast.stmt) -> int:
        """Return the packed span of a node, relative to the function."""
        end_line = node.end_lineno if node.end_lineno is not None else node.lineno
        end_column = node.end_col_offset
        return c.pack(
            node.lineno,
            node.col_offset,
            end_line,
            end_column if end_column is not None else node.col_offset,
            self.first,
        )

    # -- functions and classes ---------------------------------------------------

    def function(self, node: _FunctionNode, *, method: bool = False) -> Node:
        qualified = f"{self.prefix}{node.name}"
        arguments = node.args
        receiver: str | None = None
        if method:
            first = next(iter([*arguments.posonlyargs, *arguments.args]), None)
            receiver = first.arg if first is not None else None
        inner = _Scope(qualified, node.lineno, receiver, self.all_global_names)
        body = inner.block(node.body)
        parameters = self.parameters(arguments, node.lineno)
        names = {parameter[0] for parameter in parameters}
        return _plain(
            node.name,
            qualified,
            node.lineno,
            node.col_offset,
            isinstance(node, ast.AsyncFunctionDef),
            inner.is_generator,
            parameters,
            inner.annotation(node.returns),
            body,
            frozenset((inner.bound | names) - inner.global_names),
            frozenset(inner.global_names),
            frozenset(inner.self_attributes),
            _is_stub(node.body),
        )

    def parameters(self, arguments: ast.arguments, first: int) -> tuple[Node, ...]:
        # Defaults are evaluated where the function is defined, annotations likewise:
        # both take the enclosing scope's positions.
        found: list[Parameter] = []
        positional = [*arguments.posonlyargs, *arguments.args]
        missing = len(positional) - len(arguments.defaults)
        for index, argument in enumerate(positional):
            default = arguments.defaults[index - missing] if index >= missing else None
            kind = (
                c.POSITIONAL_ONLY
                if index < len(arguments.posonlyargs)
                else c.POSITIONAL
            )
            found.append(self._parameter(argument, kind, default))
        if arguments.vararg is not None:
            found.append(self._parameter(arguments.vararg, c.VAR_POSITIONAL, None))
        for argument, keyword_default in zip(
            arguments.kwonlyargs, arguments.kw_defaults, strict=True
        ):
            found.append(self._parameter(argument, c.KEYWORD_ONLY, keyword_default))
        if arguments.kwarg is not None:
            found.append(self._parameter(arguments.kwarg, c.VAR_KEYWORD, None))
        return tuple(tuple(parameter) for parameter in found)

    def _parameter(
        self, argument: ast.arg, kind: int, default: ast.expr | None
    ) -> Parameter:
        return Parameter(
            argument.arg,
            kind,
            self.expression(default) if default is not None else None,
            self.annotation(argument.annotation),
        )

    def class_definition(self, node: ast.ClassDef) -> Node:
        self.bound.add(node.name)
        qualified = f"{self.prefix}{node.name}"
        inner = _Scope(qualified, node.lineno, None, self.all_global_names)
        body = inner.block(node.body, methods=True)
        class_code = _plain(
            node.name,
            qualified,
            node.lineno,
            node.col_offset,
            False,
            False,
            (),
            None,
            body,
            frozenset(inner.bound),
            frozenset(inner.global_names),
            frozenset(),
            False,
        )
        type_parameters = tuple(
            parameter.name for parameter in getattr(node, "type_params", ())
        )
        return (
            c.CLASS,
            node.name,
            tuple(self.expression(base) for base in node.bases),
            self.keywords(node.keywords),
            self.decorators(node.decorator_list),
            class_code,
            type_parameters,
        )

    def decorators(self, nodes: Sequence[ast.expr]) -> tuple[tuple[Node, int], ...]:
        return tuple((self.expression(node), self.at(node)) for node in nodes)

    # -- statements --------------------------------------------------------------

    def block(
        self, statements: Iterable[ast.stmt], *, methods: bool = False
    ) -> tuple[Node, ...]:
        lowered: list[Node] = []
        for statement in statements:
            node = self.statement(statement, methods=methods)
            if node is not None:
                lowered.append(node)
        return tuple(lowered)

    def statement(self, node: ast.stmt, *, methods: bool = False) -> Node | None:
        if isinstance(node, ast.Expr):
            if isinstance(node.value, ast.Constant):
                return None
            return (c.EXPR, self.expression(node.value))
        if isinstance(node, ast.Assign):
            value = self.expression(node.value)
            return (c.ASSIGN, tuple(self.target(t) for t in node.targets), value)
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            self.bound.add(node.name)
            code = self.function(node, method=methods)
            return (c.DEF, code, self.decorators(node.decorator_list))
        if isinstance(node, ast.If):
            return (
                c.IF,
                self.expression(node.test),
                self.block(node.body, methods=methods),
                self.block(node.orelse, methods=methods),
            )
        if isinstance(node, ast.Return):
            value = self.expression(node.value) if node.value is not None else _NONE
            return (c.RETURN, value)
        if isinstance(node, ast.AnnAssign):
            assigned = self.expression(node.value) if node.value is not None else None
            return (
                c.ANN_ASSIGN,
                self.target(node.target),
                self.annotation(node.annotation),
                assigned,
            )
        if isinstance(node, (ast.For, ast.AsyncFor)):
            return (
                c.FOR,
                self.target(node.target),
                self.expression(node.iter),
                self.block(node.body),
                self.block(node.orelse),
                isinstance(node, ast.AsyncFor),
                self.at(node.iter),
            )
        if isinstance(node, (ast.With, ast.AsyncWith)):
            items = tuple(
                (
                    self.expression(item.context_expr),
                    (
                        self.target(item.optional_vars)
                        if item.optional_vars is not None
                        else None
                    ),
                    self.at(item.context_expr),
                )
                for item in node.items
            )
            return (
                c.WITH,
                items,
                self.block(node.body),
                isinstance(node, ast.AsyncWith),
            )
        if isinstance(node, ast.Import):
            for alias in node.names:
                self.bound.add(alias.asname or alias.name.partition(".")[0])
            return (c.IMPORT, tuple((a.name, a.asname) for a in node.names))
        if isinstance(node, ast.ImportFrom):
            for alias in node.names:
                self.bound.add(alias.asname or alias.name)
            return (
                c.IMPORT_FROM,
                node.level,
                node.module,
                tuple((a.name, a.asname) for a in node.names),
            )
        if isinstance(node, ast.ClassDef):
            return self.class_definition(node)
        if isinstance(node, ast.AugAssign):
            return (
                c.AUG_ASSIGN,
                self.target(node.target),
                type(node.op).__name__,
                self.expression(node.value),
                self.at(node),
            )
        if isinstance(node, ast.While):
            return (
                c.WHILE,
                self.expression(node.test),
                self.block(node.body),
                self.block(node.orelse),
            )
        if isinstance(node, ast.Raise):
            return (
                c.RAISE,
                self.expression(node.exc) if node.exc is not None else None,
            )
        if isinstance(node, ast.Match):
            return self.match(node)
        if isinstance(node, ast.Delete):
            return (c.DELETE, tuple(self.target(t) for t in node.targets))
        if isinstance(node, ast.Assert):
            return (c.IF, self.expression(node.test), (), ((c.RAISE, None),))
        if isinstance(node, ast.Break):
            return (c.BREAK,)
        if isinstance(node, ast.Continue):
            return (c.CONTINUE,)
        if isinstance(node, (ast.Global, ast.Nonlocal)):
            self.global_names.update(node.names)
            if isinstance(node, ast.Global):
                self.all_global_names.update(node.names)
            return None
        if isinstance(node, ast.Try) or type(node).__name__ == "TryStar":
            return self.attempt(node)
        if type(node).__name__ == "TypeAlias":
            alias_node: Any = node
            name, value = alias_node.name, alias_node.value
            return (c.ASSIGN, (self.target(name),), self.annotation(value))
        return None

    def attempt(self, node: Any) -> Node:
        # `ast.TryStar` has the same fields; Python 3.10 does not know it.
        handlers = []
        for handler in node.handlers:
            if handler.name is not None:
                self.bound.add(handler.name)
            handlers.append(
                (
                    self.expression(handler.type) if handler.type is not None else None,
                    handler.name,
                    self.block(handler.body),
                )
            )
        return (
            c.TRY,
            self.block(node.body),
            tuple(handlers),
            self.block(node.orelse),
            self.block(node.finalbody),
        )

    def match(self, node: ast.Match) -> Node:
        cases = []
        for case in node.cases:
            names: list[str] = []
            classes: list[Node] = []
            values: list[Node] = []
            catches_all = False
            if isinstance(case.pattern, ast.MatchAs) and case.pattern.pattern is None:
                catches_all = True
            for inner in ast.walk(case.pattern):
                if isinstance(inner, (ast.MatchAs, ast.MatchStar)) and inner.name:
                    names.append(inner.name)
                elif isinstance(inner, ast.MatchMapping) and inner.rest:
                    names.append(inner.rest)
            if isinstance(case.pattern, ast.MatchClass):
                classes.append(self.expression(case.pattern.cls))
            elif isinstance(case.pattern, ast.MatchAs) and isinstance(
                case.pattern.pattern, ast.MatchClass
            ):
                classes.append(self.expression(case.pattern.pattern.cls))
            elif isinstance(case.pattern, ast.MatchValue):
                values.append(self.expression(case.pattern.value))
            elif isinstance(case.pattern, ast.MatchSingleton):
                values.append((c.CONST, case.pattern.value))
            self.bound.update(names)
            cases.append(
                (
                    tuple(names),
                    self.expression(case.guard) if case.guard is not None else None,
                    tuple(classes),
                    tuple(values),
                    catches_all and case.guard is None,
                    self.block(case.body),
                )
            )
        return (c.MATCH, self.expression(node.subject), tuple(cases))

    # -- targets -----------------------------------------------------------------

    def target(self, node: ast.expr) -> Node:
        if isinstance(node, ast.Name):
            self.bound.add(node.id)
            return (c.NAME, node.id, self.at(node))
        if isinstance(node, ast.Attribute):
            if isinstance(node.value, ast.Name) and node.value.id == self.self_name:
                self.self_attributes.add(node.attr)
            return (c.ATTR, self.expression(node.value), node.attr, self.at(node))
        if isinstance(node, (ast.Tuple, ast.List)):
            return (c.SEQUENCE, "tuple", tuple(self.target(e) for e in node.elts))
        if isinstance(node, ast.Starred):
            return (c.STARRED, self.target(node.value))
        return self.expression(node)

    # -- expressions -------------------------------------------------------------

    def annotation(self, node: ast.expr | None) -> Node | None:
        """Lower an annotation; strings in it are read as expressions."""
        if node is None:
            return None
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            try:
                inner = ast.parse(node.value.strip(), mode="eval").body
            except (SyntaxError, ValueError, RecursionError, MemoryError):
                return (c.SCALAR, "str")
            for part in ast.walk(inner):
                if hasattr(part, "lineno"):
                    ast.copy_location(part, node)
            return self.annotation(inner)
        if isinstance(node, ast.Subscript):
            head = node.value
            name = head.attr if isinstance(head, ast.Attribute) else None
            name = head.id if isinstance(head, ast.Name) else name
            if name == "Literal":
                return self.expression(node)
            if name == "Annotated" and isinstance(node.slice, ast.Tuple):
                first, *rest = node.slice.elts
                index: Node = (
                    c.SEQUENCE,
                    "tuple",
                    (
                        self.annotation(first),
                        *(self.expression(element) for element in rest),
                    ),
                )
            elif isinstance(node.slice, ast.Tuple):
                index = (
                    c.SEQUENCE,
                    "tuple",
                    tuple(self.annotation(element) for element in node.slice.elts),
                )
            else:
                index = self.annotation(node.slice) or _NONE
            return (c.SUBSCRIPT, self.expression(head), index, self.at(node))
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
            return (
                c.BINARY,
                "BitOr",
                self.annotation(node.left),
                self.annotation(node.right),
                self.at(node),
            )
        if isinstance(node, ast.List):
            return (
                c.SEQUENCE,
                "list",
                tuple(self.annotation(element) for element in node.elts),
            )
        return self.expression(node)

    def keywords(
        self, keywords: Sequence[ast.keyword]
    ) -> tuple[tuple[str | None, Node], ...]:
        return tuple((k.arg, self.expression(k.value)) for k in keywords)

    def expression(self, node: ast.expr) -> Node:
        kind = type(node)
        if kind is ast.Name:
            assert isinstance(node, ast.Name)
            return (c.NAME, node.id, self.at(node))
        if kind is ast.Attribute:
            assert isinstance(node, ast.Attribute)
            return (c.ATTR, self.expression(node.value), node.attr, self.at(node))
        if kind is ast.Constant:
            assert isinstance(node, ast.Constant)
            value = node.value
            if value is None or isinstance(value, (bool, int)):
                if isinstance(value, int) and abs(value) >= 2**31:
                    return (c.SCALAR, "int")
                return (c.CONST, value)
            if isinstance(value, str) and len(value) <= _LONGEST_STRING:
                return (c.CONST, value)
            return (c.SCALAR, type(value).__name__)
        if kind is ast.Call:
            assert isinstance(node, ast.Call)
            if _is_cast(node):
                type_node = self.annotation(node.args[0])
                return (
                    c.CALL,
                    self.expression(node.func),
                    (type_node, *(self.expression(a) for a in node.args[1:])),
                    (),
                    self.at(node),
                )
            return (
                c.CALL,
                self.expression(node.func),
                tuple(self.expression(a) for a in node.args),
                self.keywords(node.keywords),
                self.at(node),
            )
        if isinstance(node, ast.Await):
            return (c.AWAIT, self.expression(node.value), self.at(node))
        if isinstance(node, ast.JoinedStr) or type(node).__name__ == "TemplateStr":
            return self.formatted(node)
        if isinstance(node, ast.Subscript):
            return (
                c.SUBSCRIPT,
                self.expression(node.value),
                self.expression(node.slice),
                self.at(node),
            )
        if isinstance(node, (ast.List, ast.Tuple, ast.Set)):
            return (
                c.SEQUENCE,
                type(node).__name__.lower(),
                tuple(self.expression(e) for e in node.elts),
            )
        if isinstance(node, ast.Dict):
            return (
                c.DICT,
                tuple(
                    (self.expression(k) if k is not None else None, self.expression(v))
                    for k, v in zip(node.keys, node.values, strict=True)
                ),
            )
        if isinstance(node, ast.BoolOp):
            return (
                c.BOOL,
                isinstance(node.op, ast.Or),
                tuple(self.expression(v) for v in node.values),
            )
        if isinstance(node, ast.Compare):
            return self.comparison(node)
        if isinstance(node, ast.UnaryOp):
            operand = self.expression(node.operand)
            if isinstance(node.op, ast.Not):
                return (c.NOT, operand)
            return (c.SCALAR, "int") if operand[0] == c.CONST else operand
        if isinstance(node, ast.BinOp):
            return (
                c.BINARY,
                type(node.op).__name__,
                self.expression(node.left),
                self.expression(node.right),
                self.at(node),
            )
        if isinstance(node, ast.IfExp):
            return (
                c.IF_EXP,
                self.expression(node.test),
                self.expression(node.body),
                self.expression(node.orelse),
            )
        if isinstance(
            node, (ast.ListComp, ast.SetComp, ast.GeneratorExp, ast.DictComp)
        ):
            return self.comprehension(node)
        if isinstance(node, ast.Lambda):
            return (c.LAMBDA, self.lambda_code(node))
        if isinstance(node, ast.Starred):
            return (c.STARRED, self.expression(node.value))
        if isinstance(node, ast.Yield):
            self.is_generator = True
            value_node = self.expression(node.value) if node.value is not None else None
            return (c.YIELD, value_node)
        if isinstance(node, ast.YieldFrom):
            self.is_generator = True
            return (c.YIELD_FROM, self.expression(node.value), self.at(node))
        if isinstance(node, ast.NamedExpr):
            self.bound.add(node.target.id)
            return (c.WALRUS, node.target.id, self.expression(node.value))
        if isinstance(node, ast.Slice):
            parts = [p for p in (node.lower, node.upper, node.step) if p is not None]
            return (c.SLICE, tuple(self.expression(p) for p in parts))
        return (c.SCALAR, "object")

    def comparison(self, node: ast.Compare) -> Node:
        left = node.left
        compared: list[Node] = []
        for operator, right in zip(node.ops, node.comparators, strict=True):
            compared.append(
                (
                    c.COMPARE,
                    self.expression(left),
                    type(operator).__name__,
                    self.expression(right),
                    self.at(node),
                )
            )
            left = right
        if len(compared) == 1:
            return compared[0]
        return (c.BOOL, False, tuple(compared))

    def comprehension(
        self, node: ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp
    ) -> Node:
        generators = tuple(
            (
                self.target(generator.target),
                self.expression(generator.iter),
                tuple(self.expression(test) for test in generator.ifs),
                bool(generator.is_async),
                self.at(generator.iter),
            )
            for generator in node.generators
        )
        if isinstance(node, ast.DictComp):
            element = self.expression(node.key)
            value: Node | None = (
                self.expression(node.value) if node.value is not None else None
            )
            kind = "dict"
        else:
            element, value = self.expression(node.elt), None
            kind = {
                ast.ListComp: "list",
                ast.SetComp: "set",
                ast.GeneratorExp: "generator",
            }[type(node)]
        return (c.COMPREHENSION, kind, element, value, generators, self.at(node))

    def lambda_code(self, node: ast.Lambda) -> Node:
        inner = _Scope(
            f"{self.prefix}<lambda>", node.lineno, None, self.all_global_names
        )
        value = inner.expression(node.body)
        parameters = self.parameters(node.args, node.lineno)
        names = {parameter[0] for parameter in parameters}
        return _plain(
            "<lambda>",
            f"{self.prefix}<lambda>",
            node.lineno,
            node.col_offset,
            False,
            inner.is_generator,
            parameters,
            None,
            ((c.RETURN, value),),
            frozenset(inner.bound | names),
            frozenset(),
            frozenset(),
            False,
        )

    def formatted(self, node: Any) -> Node:
        parts: list[Node] = []
        for value in node.values:
            inner = getattr(value, "value", None)
            conversion = getattr(value, "conversion", -1)
            if isinstance(inner, ast.expr):
                method = "__repr__" if conversion == ord("r") else "__format__"
                parts.append((self.expression(inner), method, self.at(node)))
            elif isinstance(inner, str):
                parts.append(((c.CONST, inner), "", self.at(node)))
            spec = getattr(value, "format_spec", None)
            if isinstance(spec, ast.expr):
                parts.append((self.formatted(spec), "", self.at(node)))
        return (c.PARTS, "str", tuple(parts))


def _is_cast(node: ast.Call) -> bool:
    function = node.func
    name = function.attr if isinstance(function, ast.Attribute) else ""
    if isinstance(function, ast.Name):
        name = function.id
    return name == "cast" and len(node.args) == 2 and not node.keywords


def _is_stub(body: Sequence[ast.stmt]) -> bool:
    for statement in body:
        if isinstance(statement, ast.Pass):
            continue
        if isinstance(statement, ast.Expr) and isinstance(
            statement.value, ast.Constant
        ):
            continue
        if isinstance(statement, ast.Raise):
            raised = statement.exc
            if isinstance(raised, ast.Call):
                raised = raised.func
            if isinstance(raised, ast.Name) and raised.id == "NotImplementedError":
                continue
        return False
    return True
