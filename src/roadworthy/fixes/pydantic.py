"""Names of Pydantic 1 turned into those of Pydantic 2, where that changes nothing else.

Pydantic 2 keeps the old names as shims; what they do is what is written here under the
new names (`pydantic.main.BaseModel`, `pydantic.deprecated.class_validators`, release
2.14).
"""

from __future__ import annotations

import ast

from roadworthy.findings import Edit, Fix, Import
from roadworthy.fixes import imports, places
from roadworthy.rules.files import FunctionNode, ReviewedFile
from roadworthy.rules.trees import names_in

_DUMP = frozenset(
    {
        "include",
        "exclude",
        "by_alias",
        "exclude_unset",
        "exclude_defaults",
        "exclude_none",
    }
)
_ARGUMENTS: dict[str, frozenset[str] | None] = {
    "dict": _DUMP,
    "json": _DUMP,
    "copy": frozenset({"update", "deep"}),
    "parse_obj": None,
    "from_orm": None,
    "construct": None,
    "parse_raw": frozenset(),
}
"""Arguments that mean the same under a method's new name; None for all."""
_RENAMED_SETTINGS = {
    "allow_population_by_field_name": "populate_by_name",
    "anystr_lower": "str_to_lower",
    "anystr_strip_whitespace": "str_strip_whitespace",
    "anystr_upper": "str_to_upper",
    "keep_untouched": "ignored_types",
    "max_anystr_length": "str_max_length",
    "min_anystr_length": "str_min_length",
    "orm_mode": "from_attributes",
    "schema_extra": "json_schema_extra",
    "validate_all": "validate_default",
}
_SETTINGS = frozenset(
    {
        "alias_generator",
        "allow_inf_nan",
        "arbitrary_types_allowed",
        "case_sensitive",
        "env_file",
        "env_file_encoding",
        "env_nested_delimiter",
        "env_prefix",
        "extra",
        "from_attributes",
        "frozen",
        "json_encoders",
        "json_schema_extra",
        "populate_by_name",
        "protected_namespaces",
        "revalidate_instances",
        "secrets_dir",
        "str_max_length",
        "str_min_length",
        "str_strip_whitespace",
        "str_to_lower",
        "str_to_upper",
        "strict",
        "title",
        "use_enum_values",
        "validate_assignment",
        "validate_default",
    }
)
"""Settings that Pydantic 2 reads in a `class Config` as in a `model_config`."""
_NOTE = "Pydantic 2 ignores {}; under the new name it takes effect again"


def method(file: ReviewedFile, call: ast.Call, new: str) -> Fix | None:
    """Return the fix that calls a method by its new name."""
    target = call.func
    assert isinstance(target, ast.Attribute)
    if target.attr not in _ARGUMENTS or not new:
        return None
    allowed = _ARGUMENTS[target.attr]
    if allowed is not None and any(k.arg not in allowed for k in call.keywords):
        return None
    if target.attr in ("dict", "json", "copy") and call.args:
        return None
    if target.attr == "parse_raw" and len(call.args) != 1:
        return None
    return Fix(True, (attribute_name(file, target, new),))


def attribute_name(file: ReviewedFile, node: ast.Attribute, new: str) -> Edit:
    """Return the edit that replaces the name behind the dot."""
    assert file.source is not None
    line = node.end_lineno or node.lineno
    end = file.source.column(line, node.end_col_offset or 0)
    return Edit(file.relative, line, end - len(node.attr) + 1, line, end + 1, new)


def setting(file: ReviewedFile, node: ast.keyword) -> Fix | None:
    """Return the fix that renames a setting in a `ConfigDict(...)`."""
    new = _RENAMED_SETTINGS.get(node.arg or "")
    if new is None:
        return None
    text = f"{new}={places.source_text(file, node.value)}"
    note = _NOTE.format(f"`{node.arg}`")
    return Fix(False, (places.replace(file, node, text),), note)


def config_class(
    file: ReviewedFile, model: ast.ClassDef, node: ast.ClassDef, is_settings: bool
) -> Fix | None:
    """Return the fix that makes a `class Config` a `model_config`.

    It must hold nothing but settings that Pydantic 2 knows, and no comment.
    """
    last = node.end_lineno or node.lineno
    body = [s for s in node.body if not _is_text(s)]
    if node.bases or node.keywords or node.decorator_list or not body:
        return None
    if any("#" in line for line in file.lines[node.lineno : last]) or any(
        isinstance(s, (ast.Assign, ast.AnnAssign)) and "model_config" in file.text(s)
        for s in model.body
    ):
        return None
    settings: list[str] = []
    renamed: list[str] = []
    for statement in body:
        if isinstance(statement, ast.Pass):
            continue
        if isinstance(statement, ast.AnnAssign):
            target: ast.expr = statement.target
        elif isinstance(statement, ast.Assign) and len(statement.targets) == 1:
            target = statement.targets[0]
        else:
            return None
        if not isinstance(target, ast.Name) or statement.value is None:
            return None
        name = target.id
        if name in _RENAMED_SETTINGS:
            renamed.append(f"`{name}`")
            name = _RENAMED_SETTINGS[name]
        elif name not in _SETTINGS:
            return None
        if names_in(statement.value) & _bound_in(body):
            return None
        settings.append(f"{name}={_moved(file, statement.value)}")
    kind = "SettingsConfigDict" if is_settings else "ConfigDict"
    module = "pydantic_settings" if is_settings else "pydantic"
    statement_text = f"from {module} import {kind}"
    known = imports.bound_name(file.tree, statement_text)
    if known is None and imports.binds(file.tree, kind):
        return None
    text = f"model_config = {known or kind}({', '.join(settings)})"
    _, mark, comment = file.lines[node.lineno - 1].partition("#")
    if mark:
        text += f"  #{comment}"
    needed = () if known else (Import(file.relative, statement_text),)
    edits = (places.replace(file, node, text),)
    if renamed:
        return Fix(False, edits, _NOTE.format(", ".join(renamed)), needed)
    return Fix(True, edits, "", needed)


def _is_text(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def _bound_in(body: list[ast.stmt]) -> set[str]:
    return {
        part.id
        for statement in body
        for part in ast.walk(statement)
        if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store)
    }


def _moved(file: ReviewedFile, node: ast.expr) -> str:
    """Return a value's source, its lines moved by one level to the left."""
    lines = places.source_text(file, node).split("\n")
    return "\n".join((lines[0], *(line.removeprefix("    ") for line in lines[1:])))


def validator(
    file: ReviewedFile, function: FunctionNode, decorator: ast.expr
) -> Fix | None:
    """Return the fix that makes `@validator(...)` a `@field_validator(...)`.

    Of one value alone: those that also want `values`, `field` or `config`, that run on
    each item, or on defaults, have no such counterpart. `@root_validator(pre=True)`
    becomes `@model_validator(mode="before")`.
    """
    if not isinstance(decorator, ast.Call):
        return None
    called = decorator.func
    last = called.attr if isinstance(called, ast.Attribute) else None
    last = called.id if isinstance(called, ast.Name) else last
    given = {keyword.arg: keyword.value for keyword in decorator.keywords}
    arguments = function.args
    names = [a.arg for a in (*arguments.posonlyargs, *arguments.args)]
    if arguments.vararg or arguments.kwarg or arguments.kwonlyargs or len(names) != 2:
        return None
    if not isinstance(called, ast.Name) or last not in ("validator", "root_validator"):
        return None
    before = given.pop("pre", None)
    given.pop("allow_reuse", None)
    check_fields = given.pop("check_fields", None)
    if given or not (before is None or _is_constant(before, True)):
        return None
    fields = [places.source_text(file, argument) for argument in decorator.args]
    if last == "root_validator":
        if before is None or fields or check_fields is not None:
            return None
        new = "model_validator"
    elif not fields or any("*" in field for field in fields):
        return None
    else:
        new = "field_validator"
    if before is not None:
        fields.append('mode="before"')
    if check_fields is not None:
        fields.append(f"check_fields={places.source_text(file, check_fields)}")
    statement = f"from pydantic import {new}"
    known = imports.bound_name(file.tree, statement)
    if known is None and imports.binds(file.tree, new):
        return None
    edits = [places.replace(file, decorator, f"{known or new}({', '.join(fields)})")]
    if not any(file.text(d) == "classmethod" for d in function.decorator_list):
        indent = places.indent_of(file, decorator)
        edits.append(places.below(file, decorator, f"{indent}@classmethod"))
    needed = () if known else (Import(file.relative, statement),)
    return Fix(True, tuple(edits), "", needed)


def _is_constant(node: ast.expr, value: object) -> bool:
    return isinstance(node, ast.Constant) and node.value is value
