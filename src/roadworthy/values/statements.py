"""Evaluate statements: names are bound in order, branches are joined where they meet."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from roadworthy.syntax import code as c
from roadworthy.syntax.code import Code, Node, Parameter
from roadworthy.values.atoms import (
    ANY,
    NONE,
    UNKNOWN,
    ClassAtom,
    Const,
    External,
    ExternalInstance,
    Instance,
    Mapping,
    Sequence,
    Value,
    const,
    intern,
    join,
    sequence,
    truth,
    without_any,
)
from roadworthy.values.frames import Frame

if TYPE_CHECKING:
    from roadworthy.values.evaluator import Evaluator

_MOST_ITERATIONS = 12
"""Loops over more known elements are evaluated once, for all elements together."""
_MOST_ITERATIONS_AT_IMPORT = 80


def run_block(ev: Evaluator, frame: Frame, statements: Iterable[Node]) -> bool:
    """Run statements; return whether control never reaches their end."""
    for statement in statements:  # noqa: SIM110 - the innermost loop: a generator costs
        if _RUN[statement[0]](ev, frame, statement):
            return True
    return False


def _expression(ev: Evaluator, frame: Frame, node: Node) -> bool:
    ev.evaluate(frame, node[1])
    return False


def _assign(ev: Evaluator, frame: Frame, node: Node) -> bool:
    value = ev.evaluate(frame, node[2])
    for target in node[1]:
        assign(ev, frame, target, value)
    return False


def _annotated_assign(ev: Evaluator, frame: Frame, node: Node) -> bool:
    _, target, annotation, value_node = node
    if value_node is not None:
        value = ev.evaluate(frame, value_node)
        if annotation is not None and ANY in value:
            declared = without_any(ev.annotated(frame, annotation))
            if declared and not without_any(value):
                value = declared
            elif declared and without_any(value) == NONE:
                value = join(declared, NONE)
        elif annotation is not None and _is_empty_container(value):
            declared = without_any(ev.annotated(frame, annotation))
            value = declared or value
        assign(ev, frame, target, value)
    elif target[0] == c.NAME and frame.function is not None:
        frame.environment.names.setdefault(
            target[1], ev.annotated(frame, annotation) if annotation else UNKNOWN
        )
    elif target[0] == c.ATTR and annotation is not None:
        assign(ev, frame, target, ev.annotated(frame, annotation))
    return False


def _is_empty_container(value: Value) -> bool:
    if len(value) != 1:
        return False
    atom = value[0]
    if isinstance(atom, (Sequence, Mapping)):
        return atom.items == ()
    return False


def _augmented_assign(ev: Evaluator, frame: Frame, node: Node) -> bool:
    _, target, operator, value_node, position = node
    left = ev.evaluate(frame, target)
    right = ev.evaluate(frame, value_node)
    result = ev.binary(frame, operator, left, right, position, in_place=True)
    assign(ev, frame, target, result)
    return False


def assign(ev: Evaluator, frame: Frame, target: Node, value: Value) -> None:
    """Bind a target (name, attribute, item, tuple of targets) to a value."""
    kind = target[0]
    if kind == c.NAME:
        ev.bind_name(frame, target[1], value)
    elif kind == c.ATTR:
        owner = ev.evaluate(frame, target[1])
        for atom in owner:
            ev.set_attribute(frame, atom, target[2], value, target[3])
    elif kind == c.SEQUENCE:
        _unpack(ev, frame, target[2], value)
    elif kind == c.SUBSCRIPT:
        ev.set_item(frame, target, value)
    elif kind == c.STARRED:
        assign(ev, frame, target[1], sequence("list", None, UNKNOWN))


def _unpack(
    ev: Evaluator, frame: Frame, targets: tuple[Node, ...], value: Value
) -> None:
    starred = any(target[0] == c.STARRED for target in targets)
    for index, target in enumerate(targets):
        part: Value = ()
        for atom in value:
            if isinstance(atom, Sequence):
                if (
                    atom.items is not None
                    and not starred
                    and len(atom.items) == len(targets)
                ):
                    part = join(part, atom.items[index])
                else:
                    part = join(part, ev.element_of(frame, atom))
            else:
                position = targets[0][2] if targets[0][0] == c.NAME else 0
                part = join(part, ev.iterate(frame, (atom,), position, is_async=False))
        if target[0] == c.STARRED:
            assign(ev, frame, target[1], sequence("list", None, part or UNKNOWN))
        else:
            assign(ev, frame, target, part or UNKNOWN)


def _return(ev: Evaluator, frame: Frame, node: Node) -> bool:
    value = ev.evaluate(frame, node[1])
    frame.summary.returns = join(frame.summary.returns, value)
    return True


def _if(ev: Evaluator, frame: Frame, node: Node) -> bool:
    _, test, body, orelse = node
    decided = ev.test(frame, test)
    if decided is None and test[0] in (c.NAME, c.ATTR):
        if ev.evaluate(frame, test) == ev.type_checking:
            # For imports and classes both sides count; at run time it is false.
            if frame.function is not None:
                return run_block(ev, frame, orelse)
            run_block(ev, frame, _declared_only(frame, body))
            return _as_declared(ev, frame, orelse)
    if decided is True:
        narrow(ev, frame, test, True)
        return run_block(ev, frame, body)
    if decided is False:
        narrow(ev, frame, test, False)
        return run_block(ev, frame, orelse)
    environment = frame.environment
    before = environment.names
    environment.names = dict(before)
    narrow(ev, frame, test, True)
    body_ends = run_block(ev, frame, body)
    after_body = environment.names
    environment.names = dict(before)
    narrow(ev, frame, test, False)
    orelse_ends = run_block(ev, frame, orelse)
    if body_ends and orelse_ends:
        environment.names = before
        return True
    if not body_ends:
        if orelse_ends:
            environment.names = after_body
        else:
            environment.names = merge(after_body, environment.names)
    return False


def _declared_only(frame: Frame, body: tuple[Node, ...]) -> Iterable[Node]:
    """Yield what a `TYPE_CHECKING` block of a class tells of it besides what it has.

    A method declared there, for checkers alone, must not hide the one that runs.
    """
    cls = frame.environment.function_class
    for statement in body:
        if cls is not None and statement[0] == c.DEF:
            name = statement[1][0]
            if name.startswith("__") or cls.find(name) is not None:
                continue
        yield statement


def _as_declared(ev: Evaluator, frame: Frame, orelse: tuple[Node, ...]) -> bool:
    """Run what stands beside a `TYPE_CHECKING` block, whose names tell what it makes.

    A class or function that is put together at run time is what was declared for it.
    """
    names = frame.environment.names
    declared = dict(names) if orelse else names
    ends = run_block(ev, frame, orelse)
    for name, value in declared.items():
        made = names.get(name, value)
        if made is value:
            continue
        if not without_any(made):
            names[name] = value
        for atom, known in zip(made, value, strict=False):
            if isinstance(atom, ClassAtom) and isinstance(known, ClassAtom):
                atom.cls.declared = known.cls
    return ends


def merge(left: dict[str, Value], right: dict[str, Value]) -> dict[str, Value]:
    """Join the names of two branches."""
    if left is right:
        return left
    merged = dict(left)
    for name, value in right.items():
        known = merged.get(name)
        if known is None:
            merged[name] = value
        elif known is not value:
            merged[name] = join(known, value)
    return merged


def narrow(ev: Evaluator, frame: Frame, test: Node, outcome: bool) -> None:
    """Keep of tested names what the outcome of the test leaves."""
    kind = test[0]
    if kind == c.NOT:
        narrow(ev, frame, test[1], not outcome)
    elif kind == c.BOOL:
        # All operands hold where `and` is true, none where `or` is false.
        if test[1] is not outcome:
            for operand in test[2]:
                narrow(ev, frame, operand, outcome)
    elif kind == c.NAME or kind == c.WALRUS:
        _keep(frame, test[1], lambda atom: truth((atom,)) is not (not outcome))
    elif kind == c.COMPARE and test[2] in ("Is", "IsNot", "Eq", "NotEq"):
        if test[1][0] == c.NAME and test[3] == (c.CONST, None):
            wants_none = (test[2] in ("Is", "Eq")) is outcome
            if wants_none:
                frame.environment.names[test[1][1]] = NONE
            else:
                _keep(
                    frame,
                    test[1][1],
                    lambda atom: not (isinstance(atom, Const) and atom.value is None),
                )
    elif kind == c.CALL and test[1][0] == c.NAME and len(test[2]) == 2:
        if test[1][1] == "isinstance" and test[2][0][0] == c.NAME:
            _narrow_class(ev, frame, test[2][0][1], test[2][1], outcome)


def _keep(frame: Frame, name: str, keeps: object) -> None:
    names = frame.environment.names
    value = names.get(name)
    if value is not None:
        kept = tuple(atom for atom in value if keeps(atom))  # type: ignore[operator]
        if kept != value:
            names[name] = kept or UNKNOWN


def _narrow_class(
    ev: Evaluator, frame: Frame, name: str, classes_node: Node, outcome: bool
) -> None:
    names = frame.environment.names
    value = names.get(name)
    if value is None:
        return
    classes = ev.evaluate(frame, classes_node)
    kept = tuple(
        atom for atom in value if ev.is_instance(atom, classes) is not (not outcome)
    )
    if outcome and not without_any(kept):
        kept = ev.instances_of(classes)
    names[name] = kept or UNKNOWN


def _evaluate(ev: Evaluator, frame: Frame, node: Node, is_async: bool) -> Value:
    """Evaluate what `for` and `with` work on: `async` ones know no synchronous object."""
    if not is_async or node[0] != c.CALL:
        return ev.evaluate(frame, node)
    outer, frame.awaiting = frame.awaiting, node[4]
    value = ev.evaluate(frame, node)
    frame.awaiting = outer
    return value


def _for(ev: Evaluator, frame: Frame, node: Node) -> bool:
    _, target, iterable_node, body, orelse, is_async, position = node
    iterable = _evaluate(ev, frame, iterable_node, is_async)
    items = _known_items(ev, iterable)
    if items is not None:
        outer, frame.exits = frame.exits, []
        for item in items:
            assign(ev, frame, target, item)
            run_block(ev, frame, body)
            _rejoin(frame)
        frame.exits = outer
        run_block(ev, frame, orelse)
        return False
    element = ev.iterate(frame, iterable, position, is_async=is_async)
    _loop(ev, frame, body, target, element)
    run_block(ev, frame, orelse)
    return False


def _known_items(ev: Evaluator, iterable: Value) -> tuple[Value, ...] | None:
    if len(iterable) != 1:
        return None
    atom = iterable[0]
    most = _MOST_ITERATIONS_AT_IMPORT if ev.at_import else _MOST_ITERATIONS
    if isinstance(atom, Sequence) and atom.items is not None:
        if 0 < len(atom.items) <= most:
            return atom.items
    return None


def _loop(
    ev: Evaluator,
    frame: Frame,
    body: tuple[Node, ...],
    target: Node | None,
    element: Value,
) -> None:
    environment = frame.environment
    before = environment.names
    outer, frame.exits = frame.exits, []
    for _ in range(2):
        environment.names = dict(before)
        if target is not None:
            assign(ev, frame, target, element)
        run_block(ev, frame, body)
        _rejoin(frame)
        after = merge(before, environment.names)
        # What one turn leaves is there in the next: run again where it matters.
        changed = any(
            before[name] is not after[name] and before[name] != after[name]
            for name in before
        )
        before = after
        if not changed:
            break
    environment.names = before
    frame.exits = outer


def _rejoin(frame: Frame) -> None:
    """Join what held where the loop's body was left by `break` or `continue`."""
    for names in frame.exits:
        frame.environment.names = merge(frame.environment.names, names)
    frame.exits.clear()


def _while(ev: Evaluator, frame: Frame, node: Node) -> bool:
    _, test, body, orelse = node
    decided = ev.test(frame, test)
    if decided is False:
        run_block(ev, frame, orelse)
        return False
    _loop(ev, frame, body, None, UNKNOWN)
    run_block(ev, frame, orelse)
    return decided is True and not _breaks(body)


def _breaks(body: tuple[Node, ...]) -> bool:
    for statement in body:
        kind = statement[0]
        if kind == c.BREAK:
            return True
        if kind == c.IF and (_breaks(statement[2]) or _breaks(statement[3])):
            return True
        if kind == c.WITH and _breaks(statement[2]):
            return True
        if kind == c.TRY:
            blocks = [statement[1], statement[3], statement[4]]
            blocks.extend(handler[2] for handler in statement[2])
            if any(_breaks(block) for block in blocks):
                return True
        if kind == c.MATCH and any(_breaks(case[5]) for case in statement[2]):
            return True
    return False


def _with(ev: Evaluator, frame: Frame, node: Node) -> bool:
    _, items, body, is_async = node
    suppresses = False
    for value_node, target, position in items:
        manager = _evaluate(ev, frame, value_node, is_async)
        entered = ev.enter(frame, manager, position, is_async=is_async)
        suppresses = suppresses or any(
            isinstance(atom, ExternalInstance) and atom.path == "contextlib.suppress"
            for atom in manager
        )
        if target is not None:
            assign(ev, frame, target, entered)
    before = frame.environment.names
    ends = run_block(ev, frame, body)
    if ends and suppresses:
        frame.environment.names = merge(before, frame.environment.names)
        return False
    return ends


def _try(ev: Evaluator, frame: Frame, node: Node) -> bool:
    _, body, handlers, orelse, final = node
    environment = frame.environment
    before = dict(environment.names)
    probed, frame.probed = frame.probed, False
    body_ends = run_block(ev, frame, body)
    # On the loop, asking for the running loop does not fail.
    on_loop = frame.probed and not ev.at_import
    frame.probed = probed or frame.probed
    if not body_ends:
        body_ends = run_block(ev, frame, orelse)
    after_body = environment.names
    partial = merge(before, after_body)
    outcomes: list[dict[str, Value]] = [] if body_ends else [after_body]
    for kind, name, block in handlers:
        environment.names = dict(partial)
        if kind is not None:
            classes = ev.evaluate(frame, kind)
            if on_loop and classes == ev.runtime_error:
                continue
            if name is not None:
                environment.names[name] = ev.instances_of(classes)
        if not run_block(ev, frame, block):
            outcomes.append(environment.names)
    if outcomes:
        merged = outcomes[0]
        for outcome in outcomes[1:]:
            merged = merge(merged, outcome)
        environment.names = merged
    else:
        environment.names = partial
    final_ends = run_block(ev, frame, final)
    return final_ends or not outcomes


def _def(ev: Evaluator, frame: Frame, node: Node) -> bool:
    # Code read back from the cache is a plain tuple.
    code = ev.code_of(node[1])
    value = ev.define_function(frame, code)
    for decorator, position in reversed(node[2]):
        value = ev.decorate(frame, ev.evaluate(frame, decorator), value, position)
    ev.bind_name(frame, code.name, value)
    return False


def _class(ev: Evaluator, frame: Frame, node: Node) -> bool:
    value = ev.define_class(frame, node)
    ev.bind_name(frame, node[1], value)
    return False


def _import(ev: Evaluator, frame: Frame, node: Node) -> bool:
    for name, alias in node[1]:
        if not frame.module.is_library:
            ev.program.look_beside(name, frame.module.path)
        if alias is not None:
            ev.bind_name(frame, alias, ev.import_module(name))
        else:
            ev.import_module(name)
            top = name.partition(".")[0]
            ev.bind_name(frame, top, ev.import_module(top))
    return False


def _import_from(ev: Evaluator, frame: Frame, node: Node) -> bool:
    _, level, module_name, names = node
    source = ev.absolute_name(frame.module, level, module_name)
    if level == 0 and not frame.module.is_library:
        ev.program.look_beside(source, frame.module.path)
    for name, alias in names:
        if name == "*":
            for bound, value in ev.star_import(source):
                ev.bind_name(frame, bound, value)
        else:
            ev.bind_name(frame, alias or name, ev.import_name(source, name))
    return False


def _raise(ev: Evaluator, frame: Frame, node: Node) -> bool:
    if node[1] is not None:
        ev.evaluate(frame, node[1])
    return True


def _delete(ev: Evaluator, frame: Frame, node: Node) -> bool:
    for target in node[1]:
        if target[0] == c.ATTR:
            ev.evaluate(frame, target[1])
        elif target[0] == c.SUBSCRIPT:
            owner = ev.evaluate(frame, target[1])
            ev.evaluate(frame, target[2])
            ev.special(frame, owner, "__delitem__", (UNKNOWN,), target[3])
    return False


def _match(ev: Evaluator, frame: Frame, node: Node) -> bool:
    subject_node = node[1]
    subject = ev.evaluate(frame, subject_node)
    environment = frame.environment
    before = environment.names
    outcomes: list[dict[str, Value]] = []
    exhaustive = False
    for names, guard, classes, values, catches_all, body in node[2]:
        environment.names = dict(before)
        matches = _pattern_matches(ev, frame, subject, classes, values)
        if matches is False:
            continue
        for name in names:
            environment.names[name] = UNKNOWN
        if len(classes) == 1:
            narrowed = ev.instances_of(ev.evaluate(frame, classes[0]))
            kept = tuple(
                atom
                for atom in subject
                if atom is not ANY
                and ev.is_instance(atom, ev.evaluate(frame, classes[0])) is not False
            )
            if subject_node[0] == c.NAME:
                environment.names[subject_node[1]] = kept or narrowed
        elif catches_all and len(names) == 1:
            environment.names[names[0]] = subject
        if guard is not None:
            ev.evaluate(frame, guard)
        if not run_block(ev, frame, body):
            outcomes.append(environment.names)
        if catches_all or (matches is True and guard is None):
            exhaustive = True
            break
    if not exhaustive:
        outcomes.append(before)
    if not outcomes:
        environment.names = before
        return True
    merged = outcomes[0]
    for outcome in outcomes[1:]:
        merged = merge(merged, outcome)
    environment.names = merged
    return False


def _pattern_matches(
    ev: Evaluator,
    frame: Frame,
    subject: Value,
    classes: tuple[Node, ...],
    values: tuple[Node, ...],
) -> bool | None:
    if classes:
        wanted = ev.evaluate(frame, classes[0])
        answers = {ev.is_instance(atom, wanted) for atom in subject}
        return False if answers == {False} else None
    if values:
        wanted = ev.evaluate(frame, values[0])
        if len(subject) == 1 and len(wanted) == 1:
            left, right = subject[0], wanted[0]
            if isinstance(left, Const) and isinstance(right, Const):
                return bool(left.value == right.value)
    return None


def _stop(ev: Evaluator, frame: Frame, node: Node) -> bool:
    frame.exits.append(frame.environment.names)
    return True


_RUN = {
    c.EXPR: _expression,
    c.ASSIGN: _assign,
    c.AUG_ASSIGN: _augmented_assign,
    c.ANN_ASSIGN: _annotated_assign,
    c.RETURN: _return,
    c.IF: _if,
    c.FOR: _for,
    c.WHILE: _while,
    c.WITH: _with,
    c.TRY: _try,
    c.DEF: _def,
    c.CLASS: _class,
    c.IMPORT: _import,
    c.IMPORT_FROM: _import_from,
    c.RAISE: _raise,
    c.DELETE: _delete,
    c.MATCH: _match,
    c.BREAK: _stop,
    c.CONTINUE: _stop,
}

__all__ = [
    "ClassAtom",
    "Code",
    "External",
    "Instance",
    "Parameter",
    "assign",
    "const",
    "intern",
    "merge",
    "narrow",
    "run_block",
]
