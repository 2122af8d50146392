"""What to ask a database once instead of in each turn of a loop."""

from __future__ import annotations

import ast

from roadworthy.rules.files import ReviewedFile
from roadworthy.rules.nodes import walk
from roadworthy.rules.security.bindings import reaching
from roadworthy.rules.security.words import words
from roadworthy.rules.trees import last_name, names_in

_READS = (
    "one query before the loop, `select(...).where(Model.id.in_(ids))`, and a dict of "
    "its rows to look into (`selectinload(...)` for what belongs to rows at hand)."
)
_INSERTS = (
    "one statement for all rows, `insert(Model)` with a list of dicts, or "
    "`session.add_all(rows)` and one `flush()`."
)
_UPDATES = (
    "one statement for all rows, `update(Model).where(Model.id.in_(ids))`; with other "
    "values for each row, `update(Model)` with a list of dicts."
)
_DELETES = "one statement for all rows, `delete(Model).where(Model.id.in_(ids))`."
_METHODS = {
    "count_documents": 'one `aggregate` that groups by the key, or `find({"_id": {"$in": ids}})`.',
    "delete_one": 'one `delete_many({"_id": {"$in": ids}})`.',
    "fetch": "one query before the loop, `... where id = any($1)` with the list of ids.",
    "fetchrow": "one query before the loop, `... where id = any($1)` with the list of ids.",
    "fetchval": "one query before the loop, `... where id = any($1)` with the list of ids.",
    "find_one": 'one `find({"_id": {"$in": ids}})` before the loop.',
    "insert_one": "one `insert_many(documents)`.",
    "replace_one": "one `bulk_write([...])`.",
    "update_one": "one `bulk_write([...])`.",
}
"""Methods of drivers that say themselves what they do."""
_STATEMENTS = {"insert": _INSERTS, "update": _UPDATES, "delete": _DELETES}
_VERBS = {
    "add": _INSERTS,
    "create": _INSERTS,
    "insert": _INSERTS,
    "save": _INSERTS,
    "upsert": _INSERTS,
    "set": _UPDATES,
    "update": _UPDATES,
    "delete": _DELETES,
    "remove": _DELETES,
    "revoke": _DELETES,
}


def one_query(file: ReviewedFile, call: ast.Call, is_query: bool) -> str:
    """Say what replaces a call: a query, or a call of a function that makes one."""
    if is_query:
        text = _METHODS.get(last_name(call.func))
        text = text or _STATEMENTS.get(_statement(file, call), _READS)
        return text[0].upper() + text[1:]
    name = last_name(call.func)
    text = next((_VERBS[word] for word in words(name) if word in _VERBS), _READS)
    return f"Beside `{name}`, a function that takes all of them: {text}"


def _statement(file: ReviewedFile, call: ast.Call) -> str:
    """Return the name of the function that makes the statement of a query, or ""."""
    parts: list[ast.expr] = list(call.args[:1])
    function = file.function_of(call)
    for _ in range(3):
        for part in parts:
            for node in walk(part):
                if isinstance(node, ast.Call):
                    made = last_name(node.func).partition("_")[0]
                    if made in _STATEMENTS:
                        return made
        if function is None:
            break
        local = file.local_names(function)
        parts = [
            source
            for part in parts
            for node in walk(part, ast.Name)
            if node.id in local & names_in(part)
            for source in reaching(file, function, node)[0]
        ]
    return ""
