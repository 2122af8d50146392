"""Where a value comes from: whether the client that calls a route chose it.

The question is asked backwards, from the expression at which it matters: through local
names, calls of the project's functions and their callers, up to the parameters of a
handler or dependency. A value that is compared, matched or validated on the way counts
as checked, and then the answer is no: what cannot be decided is not the client's.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass, replace

from roadworthy.rules import kinds
from roadworthy.rules.files import FunctionNode, ReviewedFile
from roadworthy.rules.handlers import HandlerParameter
from roadworthy.rules.review import Review
from roadworthy.rules.security.bindings import (
    Element,
    arguments_for,
    assignments,
    reaching,
)
from roadworthy.rules.security.callers import Callers
from roadworthy.rules.security.checks import Checks
from roadworthy.rules.security.harmless import (
    is_constrained,
    is_harmless,
    is_structure,
)
from roadworthy.rules.security.questions import (
    Origin,
    Question,
    is_fixed,
    parts_of,
)
from roadworthy.rules.threads import handed_over
from roadworthy.rules.trees import last_name, results
from roadworthy.values.atoms import (
    ClassAtom,
    External,
    ExternalInstance,
    Function,
    Value,
)
from roadworthy.values.program import FunctionInfo

_DEEPEST = 8
_MOST_CALLERS = 12
_CLIENT_KINDS = frozenset({"path", "query", "header", "cookie", "body", "form", "file"})
_REQUEST_DATA = frozenset({"query_params", "headers", "cookies", "path_params"})
_REQUEST_READS = frozenset(
    {
        "json",
        "body",
        "form",
        "stream",
        "receive",
        "receive_text",
        "receive_json",
        "receive_bytes",
        "iter_text",
        "iter_json",
        "iter_bytes",
    }
)
_HARMLESS_CALLS = frozenset(
    {
        "int",
        "float",
        "bool",
        "len",
        "hash",
        "UUID",
        "isinstance",
        "type",
        "sum",
        "abs",
        "range",
        "hexdigest",
        "isoformat",
        "encode_b64",
        "b64encode",
    }
)
_PASSING = frozenset(
    {
        "str",
        "Path",
        "PurePath",
        "PosixPath",
        "join",
        "urljoin",
        "unquote",
        "unquote_plus",
        "fspath",
        "abspath",
        "normpath",
        "realpath",
        "expanduser",
        "expandvars",
        "URL",
        "cast",
        "quote",
        "urlparse",
        "urlsplit",
        "urlunparse",
        "urlunsplit",
        "Request",
        "loads",
        "list",
        "tuple",
        "dict",
        "deepcopy",
        "copy",
        "next",
        "iter",
        "sorted",
        "reversed",
        "enumerate",
        "zip",
        "bytes",
        "b64decode",
        "urlsafe_b64decode",
        "PurePosixPath",
    }
)


@dataclass(frozen=True, slots=True)
class _Context:
    """The call through which a function was entered."""

    file: ReviewedFile
    function: FunctionNode
    call: ast.Call
    callee: Function
    parent: _Context | None


class Tracer(Callers):
    """Answers questions about one review."""

    def __init__(self, review: Review) -> None:
        super().__init__(review)
        self._seen: set[tuple[object, ...]] = set()
        self._checks = Checks(review)

    def client(
        self, file: ReviewedFile, node: ast.expr, question: Question
    ) -> Origin | None:
        """Return what of the request an expression comes from; None if of nothing."""
        function = file.function_of(node)
        if function is None:
            return None
        self._seen = set()
        return self._trace(file, function, node, question, None, 0)

    # -- expressions -------------------------------------------------------------------

    def _trace(
        self,
        file: ReviewedFile,
        function: FunctionNode,
        node: ast.expr,
        question: Question,
        context: _Context | None,
        depth: int,
    ) -> Origin | None:
        if depth > _DEEPEST * 5:
            return None
        if isinstance(node, Element):
            question = replace(question, index=node.index)
            node = node.value
        elif question.index is not None and not isinstance(
            node, (ast.Name, ast.Call, ast.Await, ast.NamedExpr, ast.IfExp)
        ):
            if isinstance(node, (ast.Tuple, ast.List)) and not any(
                isinstance(element, ast.Starred) for element in node.elts
            ):
                if question.index >= len(node.elts):
                    return None
                node = node.elts[question.index]
            question = replace(question, index=None)

        def down(inner: ast.expr) -> Origin | None:
            return self._trace(file, function, inner, question, context, depth + 1)

        if isinstance(node, ast.Name):
            return self._name(file, function, node, question, context, depth)
        if question.whole and (
            isinstance(node, (ast.Attribute, ast.Subscript))
            or (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr not in _PASSING
            )
        ):
            question = replace(question, whole=False)  # a part of it
        if isinstance(node, ast.Attribute):
            return self._attribute(file, function, node, question, context, depth)
        if isinstance(node, ast.Call):
            return self._call(file, function, node, question, context, depth)
        for part in parts_of(node, question):
            found = down(part)
            if found is not None:
                return found
        return None

    def _attribute(
        self,
        file: ReviewedFile,
        function: FunctionNode,
        node: ast.Attribute,
        question: Question,
        context: _Context | None,
        depth: int,
    ) -> Origin | None:
        if node.attr in question.cleansing:
            return None
        owner = self.review.value(file, node.value)
        if kinds.any_is(owner, kinds.is_request):
            if node.attr in _REQUEST_DATA and (
                question.headers or node.attr != "headers"
            ):
                return self._origin(file, function, node)
            return None
        if kinds.any_is(owner, kinds.is_upload) and node.attr != "filename":
            return None
        found = self._trace(file, function, node.value, question, context, depth + 1)
        if found is None or is_harmless(self.review.value(file, node)):
            return None
        if question.guarded and (
            self._checks.is_guarded(file, function, node, question.host)
            or self._checks.is_validated(owner, node.attr)
        ):
            return None
        return replace(found, text=file.text(node)) if depth < 2 else found

    def _call(
        self,
        file: ReviewedFile,
        function: FunctionNode,
        node: ast.Call,
        question: Question,
        context: _Context | None,
        depth: int,
    ) -> Origin | None:
        target = node.func
        last = last_name(target)
        if last in question.cleansing or last in _HARMLESS_CALLS:
            return None
        if question.cleans is not None and question.cleans(node):
            return None

        def down(inner: ast.expr) -> Origin | None:
            return self._trace(file, function, inner, question, context, depth + 1)

        made = handed_over(self.review, node)
        if made is not None:
            node, target = made, made.func
            last = target.attr if isinstance(target, ast.Attribute) else last
            if last in question.cleansing or last in _HARMLESS_CALLS:
                return None
        callees = [
            a
            for a in self.callees(file, node, made is not None)
            if isinstance(a, Function)
        ]
        own = [a for a in callees if self.review.node_of(a.function) is not None]
        if own:
            if not question.returns:
                return None
            for callee in own:
                found = self._returned(
                    file, function, node, callee, question, context, depth
                )
                if found is not None:
                    return found
            return None
        if isinstance(target, ast.Attribute):
            if kinds.any_is(self.review.value(file, target.value), kinds.is_request):
                if last in _REQUEST_READS:
                    return self._origin(file, function, node)
                return None
            if last == "format" and isinstance(target.value, ast.Constant):
                if question.head and is_fixed(target.value, "{"):
                    return None
            elif last not in ("join",) or not isinstance(target.value, ast.Constant):
                if not self._is_library(file, target.value):
                    found = down(target.value)
                    if found is not None and not is_harmless(
                        self.review.value(file, node)
                    ):
                        return found
            if last not in _PASSING and last not in ("format", "joinpath"):
                return None
        elif last not in _PASSING:
            return None
        for argument in (*node.args, *(k.value for k in node.keywords)):
            found = down(argument)
            if found is not None:
                return found
            if question.head and last in ("join", "Path", "PurePath"):
                return None
        return None

    def _is_library(self, file: ReviewedFile, node: ast.expr) -> bool:
        """Whether an expression names a module or class of a library."""
        value = self.review.static(file, node)
        return value is not None and kinds.any_is(
            value, lambda atom: isinstance(atom, External)
        )

    # -- names -------------------------------------------------------------------------

    def _name(
        self,
        file: ReviewedFile,
        function: FunctionNode,
        node: ast.Name,
        question: Question,
        context: _Context | None,
        depth: int,
    ) -> Origin | None:
        key = (function, node.id, node.lineno, node.col_offset, context, question)
        if key in self._seen:
            return None
        self._seen.add(key)
        if node.id not in file.local_names(function):
            outer = file.function_of(function)
            if outer is None:
                return None
            return self._closed_over(file, outer, node, question, depth)
        if isinstance(node.ctx, ast.Load) and is_harmless(
            self.review.value(file, node)
        ):
            return None
        if question.guarded and self._checks.is_guarded(
            file, function, node, question.host
        ):
            return None
        sources, is_parameter = reaching(file, function, node)
        for source in sources:
            found = self._trace(file, function, source, question, context, depth + 1)
            if found is not None:
                return found
        if not is_parameter:
            return None
        return self._parameter(file, function, node, question, context, depth)

    def _closed_over(
        self,
        file: ReviewedFile,
        outer: FunctionNode,
        node: ast.Name,
        question: Question,
        depth: int,
    ) -> Origin | None:
        if node.id not in file.local_names(outer):
            return None
        sources = assignments(file, outer, node.id)
        for _, source in sources:
            found = self._trace(file, outer, source, question, None, depth + 1)
            if found is not None:
                return found
        if sources:
            return None
        return self._parameter(file, outer, node, question, None, depth)

    def _parameter(
        self,
        file: ReviewedFile,
        function: FunctionNode,
        node: ast.Name,
        question: Question,
        context: _Context | None,
        depth: int,
    ) -> Origin | None:
        info = self.review.function_info(file, function)
        if info is None:
            return None
        if context is not None:
            return self._argument(context, info, node.id, question, depth)
        injected = self.injected(info)
        if injected is not None:
            return self._injected(injected.get(node.id), info, question, depth)
        for caller in self.review.callers(info)[:_MOST_CALLERS]:
            caller_file = self.review.file_of(caller.module)
            caller_node = self.review.node_of(caller)
            if caller_file is None or caller_node is None or depth > _DEEPEST * 4:
                continue
            for call, callee in self.calls_of(caller_file, caller_node, info):
                entered = _Context(caller_file, caller_node, call, callee, None)
                found = self._argument(entered, info, node.id, question, depth + 4)
                if found is not None:
                    return found
        return None

    def _argument(
        self,
        context: _Context,
        info: FunctionInfo,
        name: str,
        question: Question,
        depth: int,
    ) -> Origin | None:
        for given in arguments_for(context.call, context.callee, name):
            found = self._trace(
                context.file,
                context.function,
                given,
                question,
                context.parent,
                depth + 1,
            )
            if found is not None:
                return found
        return None

    def _injected(
        self,
        parameter: HandlerParameter | None,
        info: FunctionInfo,
        question: Question,
        depth: int,
    ) -> Origin | None:
        if parameter is None:
            return None
        handler = self.handler_at(info)
        if parameter.kind in _CLIENT_KINDS:
            if parameter.kind == "header" and not question.headers:
                return None
            if question.guarded and is_constrained(parameter):
                return None
            if question.whole and is_structure(parameter):
                return None
            return Origin(parameter.name, handler, parameter)
        if parameter.kind != "depends" or parameter.depends is None:
            return None
        for atom in self._targets(parameter):
            if isinstance(atom, ClassAtom) or (
                isinstance(atom, (External, ExternalInstance))
                and atom.path.endswith(("RequestForm", "RequestFormStrict"))
            ):
                return Origin(parameter.name, handler, parameter)
            if isinstance(atom, Function):
                file = self.review.file_of(atom.function.module)
                node = self.review.node_of(atom.function)
                if file is None or node is None:
                    continue
                for returned in results(node):
                    found = self._trace(file, node, returned, question, None, depth + 2)
                    if found is not None:
                        return found
        return None

    def _targets(self, parameter: HandlerParameter) -> Value:
        depends = parameter.depends
        if depends is None:
            return ()
        target = self.review.framework.dependency_target(depends, parameter.types)
        return target or tuple(parameter.plain_types)

    def _returned(
        self,
        file: ReviewedFile,
        function: FunctionNode,
        call: ast.Call,
        callee: Function,
        question: Question,
        context: _Context | None,
        depth: int,
    ) -> Origin | None:
        inner_file = self.review.file_of(callee.function.module)
        inner = self.review.node_of(callee.function)
        if inner_file is None or inner is None or _nesting(context) > 4:
            return None
        if is_harmless(self.review.value(file, call)):
            return None
        entered = _Context(file, function, call, callee, context)
        for returned in results(inner):
            found = self._trace(
                inner_file, inner, returned, question, entered, depth + 2
            )
            if found is not None:
                return found
        return None

    def _origin(
        self, file: ReviewedFile, function: FunctionNode, node: ast.expr
    ) -> Origin | None:
        info = self.review.function_info(file, function)
        handler = self.handler_at(info) if info is not None else None
        return Origin(file.text(node), handler, None)


def tracer(review: Review) -> Tracer:
    """Return the tracer of a review; what it learns is shared."""
    return review.once(Tracer)


def _nesting(context: _Context | None) -> int:
    count = 0
    while context is not None:
        count += 1
        context = context.parent
    return count
