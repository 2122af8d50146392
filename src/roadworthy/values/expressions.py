"""Evaluate expressions to values, noting what blocks on the way."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from roadworthy.syntax import code as c
from roadworthy.syntax.code import Node
from roadworthy.values.atoms import (
    ANY,
    FALSE,
    NONE,
    TRUE,
    UNKNOWN,
    Awaitable,
    ClassAtom,
    Const,
    Environment,
    External,
    ExternalAttribute,
    ExternalInstance,
    Function,
    Instance,
    Mapping,
    Sequence,
    Suspended,
    Value,
    const,
    external_instance,
    intern,
    join,
    sequence,
    truth,
    without_any,
)
from roadworthy.values.calls import Arguments
from roadworthy.values.frames import Frame
from roadworthy.values.statements import assign, narrow

if TYPE_CHECKING:
    from roadworthy.values.evaluator import Evaluator


def _const(ev: Evaluator, frame: Frame, node: Node) -> Value:
    return const(node[1])


def _scalar(ev: Evaluator, frame: Frame, node: Node) -> Value:
    return (external_instance(f"builtins.{node[1]}"),)


def _name(ev: Evaluator, frame: Frame, node: Node) -> Value:
    return ev.lookup(frame, node[1])


def _attribute(ev: Evaluator, frame: Frame, node: Node) -> Value:
    owner = ev.evaluate(frame, node[1])
    return ev.attribute(frame, owner, node[2], node[3])


def _call(ev: Evaluator, frame: Frame, node: Node) -> Value:
    _, function_node, positional, keywords, position = node
    if function_node[0] == c.ATTR:
        owner = ev.evaluate(frame, function_node[1])
        if frame.notes is not None:
            frame.notes.add_owner(function_node[1], owner)
        arguments = _arguments(ev, frame, positional, keywords)
        changed = ev.mutate(frame, function_node, owner, arguments)
        if changed:
            return NONE
        callee = function_node[3]
        function = ev.attribute(frame, owner, function_node[2], callee, called=True)
    else:
        function = ev.evaluate(frame, function_node)
        arguments = _arguments(ev, frame, positional, keywords)
        callee = function_node[2] if function_node[0] == c.NAME else None
    value = ev.call(frame, function, arguments, position, node)
    if frame.notes is not None and callee is not None:
        frame.notes.add(callee, function, position, value)
    return value


def _arguments(
    ev: Evaluator,
    frame: Frame,
    positional: tuple[Node, ...],
    keywords: tuple[tuple[str | None, Node], ...],
) -> Arguments:
    given: list[Value] = []
    named: dict[str, Value] = {}
    is_open = False
    for node in positional:
        if node[0] == c.STARRED:
            spread = ev.evaluate(frame, node[1])
            items = None
            if len(spread) == 1 and isinstance(spread[0], Sequence):
                items = spread[0].items
            if items is None:
                is_open = True
            else:
                given.extend(items)
        else:
            given.append(ev.evaluate(frame, node))
    for name, node in keywords:
        value = ev.evaluate(frame, node)
        if name is not None:
            named[name] = value
            continue
        items_known = False
        if len(value) == 1 and isinstance(value[0], Mapping):
            pairs = value[0].items
            if pairs is not None:
                items_known = True
                named.update((k, v) for k, v in pairs if isinstance(k, str))
        if not items_known:
            is_open = True
    return Arguments(tuple(given), named, is_open)


def _await(ev: Evaluator, frame: Frame, node: Node) -> Value:
    inner = node[1]
    if inner[0] == c.CALL:
        # The call that is awaited is a coroutine's, whatever its name says.
        outer, frame.awaiting = frame.awaiting, inner[4]
        value = ev.evaluate(frame, inner)
        frame.awaiting = outer
    else:
        value = ev.evaluate(frame, inner)
    return ev.awaited(frame, value, node[2])


def _lambda(ev: Evaluator, frame: Frame, node: Node) -> Value:
    return ev.define_function(frame, ev.code_of(node[1]))


def _bool(ev: Evaluator, frame: Frame, node: Node) -> Value:
    is_or = node[1]
    result: Value = ()
    environment = frame.environment
    before = environment.names
    narrowed = False
    for index, operand in enumerate(node[2]):
        value = ev.evaluate(frame, operand)
        last = index == len(node[2]) - 1
        if last:
            result = join(result, value)
            break
        decided = ev.truth_of(frame, operand, value)
        if decided is is_or:
            result = join(result, value)
            break
        if decided is None:
            # It is the result only where it decided: a bool is then known.
            told = TRUE if is_or else FALSE
            for atom in value:
                if isinstance(atom, ExternalInstance) and atom.path == "builtins.bool":
                    result = join(result, told)
                elif truth((atom,)) is not (not is_or):
                    result = join(result, (atom,))
        # The next operand is reached only when this one did not decide.
        if not narrowed:
            environment.names = dict(before)
            narrowed = True
        narrow(ev, frame, operand, not is_or)
    if narrowed:
        after = environment.names
        environment.names = before
        for name, value in after.items():
            if name not in before:
                before[name] = value
    if node[2][-1] == (c.CONST, is_or):
        # `x and False`: whatever `x` is, the truth is told.
        return TRUE if is_or else FALSE
    return result or UNKNOWN


def _compare(ev: Evaluator, frame: Frame, node: Node) -> Value:
    _, left_node, operator, right_node, position = node
    left = ev.evaluate(frame, left_node)
    right = ev.evaluate(frame, right_node)
    if operator in ("Is", "IsNot", "Eq", "NotEq"):
        same = _same(left, right, identity=operator in ("Is", "IsNot"))
        if same is not None:
            return TRUE if same is (operator in ("Is", "Eq")) else FALSE
        if operator in ("Eq", "NotEq"):
            ev.special(
                frame,
                left,
                "__eq__" if operator == "Eq" else "__ne__",
                (right,),
                position,
            )
    elif operator in ("In", "NotIn"):
        if not ev.special(frame, right, "__contains__", (left,), position):
            ev.iterate_for_test(frame, right, position)
        found = _contains(right, left)
        if found is not None:
            return TRUE if found is (operator == "In") else FALSE
    else:
        name = {"Lt": "__lt__", "LtE": "__le__", "Gt": "__gt__", "GtE": "__ge__"}
        ev.special(frame, left, name[operator], (right,), position)
    return (external_instance("builtins.bool"),)


def _same(left: Value, right: Value, *, identity: bool) -> bool | None:
    answer: bool | None = None
    for one in left:
        for other in right:
            verdict = _same_atom(one, other, identity)
            if verdict is None or (answer is not None and answer is not verdict):
                return None
            answer = verdict
    return answer


_NEVER_NONE = (
    Instance,
    Function,
    ClassAtom,
    ExternalInstance,
    Sequence,
    Mapping,
    Suspended,
)


def _same_atom(one: Any, other: Any, identity: bool) -> bool | None:
    if isinstance(one, Const) and isinstance(other, Const):
        if type(one.value) is type(other.value):
            return bool(one.value == other.value)
        return False if None in (one.value, other.value) else None
    none, thing = (one, other) if isinstance(one, Const) else (other, one)
    if isinstance(none, Const) and none.value is None:
        if isinstance(thing, _NEVER_NONE):
            return False
    if isinstance(one, ClassAtom) and isinstance(other, ClassAtom):
        return one.cls is other.cls
    return None


def _contains(container: Value, item: Value) -> bool | None:
    if len(container) != 1 or len(item) != 1 or not isinstance(item[0], Const):
        return None
    atom = container[0]
    wanted = item[0].value
    if isinstance(atom, Sequence) and atom.items is not None:
        keys: list[Any] = []
        for value in atom.items:
            if len(value) != 1 or not isinstance(value[0], Const):
                return None
            keys.append(value[0].value)
        return wanted in keys
    return None


def _not(ev: Evaluator, frame: Frame, node: Node) -> Value:
    decided = ev.test(frame, node[1])
    if decided is None:
        return (external_instance("builtins.bool"),)
    return FALSE if decided else TRUE


def _binary(ev: Evaluator, frame: Frame, node: Node) -> Value:
    _, operator, left_node, right_node, position = node
    left = ev.evaluate(frame, left_node)
    right = ev.evaluate(frame, right_node)
    return ev.binary(frame, operator, left, right, position)


def _subscript(ev: Evaluator, frame: Frame, node: Node) -> Value:
    owner = ev.evaluate(frame, node[1])
    index = ev.evaluate(frame, node[2])
    return ev.item(frame, owner, index, node[3])


def _sequence(ev: Evaluator, frame: Frame, node: Node) -> Value:
    items: list[Value] = []
    element: Value = ()
    known = True
    for part in node[2]:
        if part is None:
            continue
        if part[0] == c.STARRED:
            spread = ev.evaluate(frame, part[1])
            if (
                len(spread) == 1
                and isinstance(spread[0], Sequence)
                and spread[0].items is not None
            ):
                items.extend(spread[0].items)
                continue
            known = False
            for atom in spread:
                element = join(element, ev.element_of(frame, atom))
        else:
            items.append(ev.evaluate(frame, part))
    if len(items) > 100:
        known = False
    if not known or len(items) > 40:
        for item in items[:40]:
            element = join(element, item)
        if known and any(ANY not in item for item in items):
            return sequence(node[1], tuple(items), UNKNOWN)
        return sequence(node[1], None, element or UNKNOWN)
    return sequence(node[1], tuple(items), UNKNOWN)


def _dict(ev: Evaluator, frame: Frame, node: Node) -> Value:
    items: list[tuple[Any, Value]] = []
    element: Value = ()
    known = True
    for key_node, value_node in node[1]:
        value = ev.evaluate(frame, value_node)
        if key_node is None:
            if (
                len(value) == 1
                and isinstance(value[0], Mapping)
                and value[0].items is not None
            ):
                items.extend(value[0].items)
            else:
                known = False
            continue
        key = ev.evaluate(frame, key_node)
        if len(key) == 1 and key[0] is not ANY:
            atom = key[0]
            items.append((atom.value if isinstance(atom, Const) else atom, value))
        else:
            known = False
        element = join(element, value)
    if known and len(items) <= 60:
        return (intern(Mapping, tuple(items), UNKNOWN, element or UNKNOWN),)
    return (intern(Mapping, None, UNKNOWN, element or UNKNOWN),)


def _comprehension(ev: Evaluator, frame: Frame, node: Node) -> Value:
    _, kind, element_node, value_node, generators, _position = node
    outer = frame.environment
    # Its own scope: the names it binds are gone afterwards.
    inner = Environment(outer.parent, outer.function_class, outer.receiver)
    inner.names = dict(outer.names)
    frame.environment = inner
    single: tuple[Value, ...] | None = None
    for number, (target, iterable_node, tests, is_async, place) in enumerate(
        generators
    ):
        iterable = ev.evaluate(frame, iterable_node)
        if len(generators) == 1 and not tests and number == 0:
            single = _few_items(iterable)
        element = ev.iterate(frame, iterable, place, is_async=is_async)
        assign(ev, frame, target, element)
        for test in tests:
            if ev.test(frame, test) is not False:
                narrow(ev, frame, test, True)
    items: tuple[Value, ...] | None = None
    if single is not None and kind in ("list", "set", "generator"):
        results = []
        for item in single:
            assign(ev, frame, generators[0][0], item)
            results.append(ev.evaluate(frame, element_node))
        items = tuple(results)
        result: Value = UNKNOWN
    else:
        result = ev.evaluate(frame, element_node)
    if value_node is not None:
        key, result = result, ev.evaluate(frame, value_node)
        frame.environment = outer
        return (intern(Mapping, None, key, result),)
    frame.environment = outer
    if kind == "generator":
        kind = "iterator"
    return sequence(kind, items, result)


def _few_items(value: Value) -> tuple[Value, ...] | None:
    if len(value) == 1 and isinstance(value[0], Sequence):
        items = value[0].items
        if items is not None and 0 < len(items) <= 20:
            return items
    return None


def _if_expression(ev: Evaluator, frame: Frame, node: Node) -> Value:
    _, test, body, orelse = node
    decided = ev.test(frame, test)
    if decided is True:
        return ev.evaluate(frame, body)
    if decided is False:
        return ev.evaluate(frame, orelse)
    environment = frame.environment
    before = environment.names
    environment.names = dict(before)
    narrow(ev, frame, test, True)
    value = ev.evaluate(frame, body)
    environment.names = dict(before)
    narrow(ev, frame, test, False)
    value = join(value, ev.evaluate(frame, orelse))
    environment.names = before
    return value


def _starred(ev: Evaluator, frame: Frame, node: Node) -> Value:
    return ev.evaluate(frame, node[1])


def _yield(ev: Evaluator, frame: Frame, node: Node) -> Value:
    value = ev.evaluate(frame, node[1]) if node[1] is not None else NONE
    frame.summary.yields = join(frame.summary.yields, value)
    return UNKNOWN


def _yield_from(ev: Evaluator, frame: Frame, node: Node) -> Value:
    value = ev.evaluate(frame, node[1])
    element = ev.iterate(frame, value, node[2], is_async=False)
    frame.summary.yields = join(frame.summary.yields, element)
    return UNKNOWN


def _walrus(ev: Evaluator, frame: Frame, node: Node) -> Value:
    value = ev.evaluate(frame, node[2])
    ev.bind_name(frame, node[1], value)
    return value


def _parts(ev: Evaluator, frame: Frame, node: Node) -> Value:
    texts: list[str | None] = []
    for part, method, position in node[2]:
        value = ev.evaluate(frame, part)
        one = value[0] if len(value) == 1 else None
        if isinstance(one, Const) and isinstance(one.value, (str, int)):
            texts.append(str(one.value))
        else:
            texts.append(None)
        names = ("__format__", "__str__") if method == "__format__" else (method,)
        for atom in value:
            if isinstance(atom, Instance):
                for name in names:
                    if ev.special(frame, (atom,), name, (UNKNOWN,), position):
                        break
    if node[1] == "str":
        return text_of_parts(texts)
    return (external_instance(f"builtins.{node[1]}"),)


def text_of_parts(texts: list[str | None]) -> Value:
    """Return a string put together of known texts and others (None).

    Of one that may be a name (`f"handle_{kind}"`) or a path (`f"/v1/{name}/all"`), what
    surrounds the unknown is kept.
    """
    known = [text for text in texts if text is not None]
    if len(known) == len(texts):
        return const("".join(known))
    if known and texts[0] is not None and texts[0].startswith("/"):
        first = texts.index(None)
        last = len(texts) - texts[::-1].index(None)
        head, tail = "".join(texts[:first]), "".join(texts[last:])  # type: ignore[arg-type]
        return (external_instance("builtins.str", (const(head), const(tail))),)
    if len(texts) - len(known) == 1 and 1 < len(texts) <= 3:
        hole = texts.index(None)
        before, after = "".join(known[:hole]), "".join(known[hole:])
        if (
            "_" in f"{before[-1:]}{after[:1]}" and f"{before}_{after}".isidentifier()
        ) or (before.endswith(".") and _is_dotted(f"{before}x{after}")):
            return (external_instance("builtins.str", (const(before), const(after))),)
    return (external_instance("builtins.str"),)


def _is_dotted(text: str) -> bool:
    return all(part.isidentifier() for part in text.split("."))


def _slice(ev: Evaluator, frame: Frame, node: Node) -> Value:
    for part in node[1]:
        ev.evaluate(frame, part)
    return (external_instance("builtins.slice"),)


EVALUATE: dict[int, Callable[[Evaluator, Frame, Node], Value]] = {
    c.CONST: _const,
    c.SCALAR: _scalar,
    c.NAME: _name,
    c.ATTR: _attribute,
    c.CALL: _call,
    c.AWAIT: _await,
    c.LAMBDA: _lambda,
    c.BOOL: _bool,
    c.COMPARE: _compare,
    c.NOT: _not,
    c.BINARY: _binary,
    c.SUBSCRIPT: _subscript,
    c.SEQUENCE: _sequence,
    c.DICT: _dict,
    c.COMPREHENSION: _comprehension,
    c.IF_EXP: _if_expression,
    c.STARRED: _starred,
    c.YIELD: _yield,
    c.YIELD_FROM: _yield_from,
    c.WALRUS: _walrus,
    c.PARTS: _parts,
    c.SLICE: _slice,
}

__all__ = [
    "EVALUATE",
    "Awaitable",
    "External",
    "ExternalAttribute",
    "without_any",
]
