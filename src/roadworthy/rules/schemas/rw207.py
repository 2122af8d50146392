"""RW207 pydantic-v1-api."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from roadworthy.findings import Finding, Fix
from roadworthy.fixes import places, pydantic
from roadworthy.rules import kinds, library_names
from roadworthy.rules.base import Rule
from roadworthy.rules.files import ReviewedFile
from roadworthy.rules.nodes import walk
from roadworthy.rules.review import Review
from roadworthy.values.atoms import Atom, ClassAtom, Instance
from roadworthy.values.program import ClassInfo

RULE = Rule(
    code="RW207",
    name="pydantic-v1-api",
    severity="warning",
    summary="Pydantic 1 names on models, while Pydantic 2 is in use.",
    why=(
        "Pydantic 2 keeps the old names only for the time of the move: each use warns, "
        "some behave differently (`@root_validator`, `Config`), and the next major "
        "version takes them away."
    ),
    instead="Use the names of Pydantic 2.",
    wrong="""\
from fastapi import FastAPI
from pydantic import BaseModel, ConfigDict, validator

app = FastAPI()


class Pen(BaseModel):
    model_config = ConfigDict(frozen=True)
    colour: str


class Item(BaseModel):
    name: str

    @validator("name", pre=True)  # expect: RW207
    def strip(cls, value: str) -> str:
        return value.strip()

    class Config:  # expect: RW207
        extra = "forbid"


@app.post("/items")
async def create_item(item: Item) -> str:
    return str(item.dict())  # expect: RW207
""",
    right="""\
from fastapi import FastAPI
from pydantic import BaseModel, ConfigDict

app = FastAPI()


class Item(BaseModel):
    model_config = ConfigDict(extra="forbid")
    name: str


@app.post("/items")
async def create_item(item: Item) -> str:
    return str(item.model_dump())
""",
    fixed="""\
from fastapi import FastAPI
from pydantic import BaseModel, ConfigDict, field_validator

app = FastAPI()


class Pen(BaseModel):
    model_config = ConfigDict(frozen=True)
    colour: str


class Item(BaseModel):
    name: str

    @field_validator("name", mode="before")  # expect: RW207
    @classmethod
    def strip(cls, value: str) -> str:
        return value.strip()

    model_config = ConfigDict(extra="forbid")  # expect: RW207


@app.post("/items")
async def create_item(item: Item) -> str:
    return str(item.model_dump())  # expect: RW207
""",
    fix_summary="Renames methods, attributes, validators of one value and `class Config`, where Pydantic 2 does the same under the new name. Settings that Pydantic 2 renamed, and ignores under their old names, take effect again: unsafe.",
    references=("https://docs.pydantic.dev/latest/migration/",),
)

_DECORATORS = {
    "pydantic.validator": "`@field_validator`",
    "pydantic.class_validators.validator": "`@field_validator`",
    "pydantic.root_validator": "`@model_validator`",
    "pydantic.class_validators.root_validator": "`@model_validator`",
}
_METHODS = {
    "dict": "model_dump",
    "json": "model_dump_json",
    "copy": "model_copy",
    "parse_obj": "model_validate",
    "parse_raw": "model_validate_json",
    "from_orm": "model_validate",
    "construct": "model_construct",
    "update_forward_refs": "model_rebuild",
    "schema_json": "model_json_schema",
}
_ATTRIBUTES = {"__fields__": "model_fields", "__fields_set__": "model_fields_set"}


def check(review: Review) -> Iterator[Finding]:
    """Flag the old names, where the project has Pydantic 2."""
    if review.major_version("pydantic") != 2:
        return
    for file in review.files:
        if file.mentions("validator", "orm_mode"):
            yield from _decorators(review, file)
            yield from _old_settings(review, file)
        if file.mentions("class Config"):
            yield from _config_classes(review, file)
        yield from _methods(review, file)


def _is_model(cls: ClassInfo) -> bool:
    names = kinds.class_lineage(cls)
    return any(name in library_names.MODELS for name in names) and not any(
        name.startswith("pydantic.v1.") for name in names
    )


def _decorators(review: Review, file: ReviewedFile) -> Iterator[Finding]:
    for node in file.functions():
        if not isinstance(file.parent(node), ast.ClassDef):
            continue
        for decorator in node.decorator_list:
            target = decorator.func if isinstance(decorator, ast.Call) else decorator
            for atom in kinds.known(review.static(file, target) or ()):
                instead = _DECORATORS.get(kinds.path_of(atom) or "")
                if instead is not None:
                    yield review.finding(
                        RULE,
                        file,
                        decorator,
                        f"`@{file.text(target)}` is Pydantic 1",
                        instead=f"Use {instead}.",
                    )


def _config_classes(review: Review, file: ReviewedFile) -> Iterator[Finding]:
    for node in file.nodes(ast.ClassDef):
        outer = file.parent(node)
        if node.name != "Config" or not isinstance(outer, ast.ClassDef):
            continue
        cls = review.class_info(file, outer)
        if cls is not None and _is_model(cls):
            kind = "SettingsConfigDict" if _is_settings(cls) else "ConfigDict"
            yield review.finding(
                RULE,
                file,
                node,
                f"`class Config` in `{cls.name}` is Pydantic 1",
                instead=f"`model_config = {kind}(...)`.",
            )


def _is_settings(cls: ClassInfo) -> bool:
    return any(name in library_names.SETTINGS for name in kinds.class_lineage(cls))


def _old_settings(review: Review, file: ReviewedFile) -> Iterator[Finding]:
    """Flag `orm_mode` in a `model_config`; a `class Config` is flagged as such."""
    for call in file.nodes(ast.Call):
        for keyword in call.keywords:
            if keyword.arg == "orm_mode" and "pydantic.ConfigDict" in (
                review.static_names(file, call)
            ):
                yield review.finding(
                    RULE,
                    file,
                    keyword,
                    "`orm_mode` is Pydantic 1",
                    instead="`from_attributes=True`.",
                )


def _methods(review: Review, file: ReviewedFile) -> Iterator[Finding]:
    for node in file.nodes(ast.Attribute):
        name = node.attr
        if not isinstance(node.ctx, ast.Load):
            continue
        if name in _ATTRIBUTES:
            if not _is_fallback(file, node, _ATTRIBUTES[name]) and _is_on_model(
                review, file, node, name
            ):
                yield _renamed(review, file, node, _ATTRIBUTES[name], None)
        elif name in _METHODS:
            call = file.parent(node)
            if (
                isinstance(call, ast.Call)
                and call.func is node
                and _may_be_old(call, name)
                and not _is_fallback(file, node, _METHODS[name])
                and _is_on_model(review, file, node, name)
            ):
                yield _renamed(review, file, node, _METHODS[name], call)


def _may_be_old(call: ast.Call, name: str) -> bool:
    """Whether the arguments fit the old method; `response.json()` takes none either."""
    return not call.args or name not in ("dict", "json")


def _is_fallback(file: ReviewedFile, node: ast.AST, new: str) -> bool:
    """Whether the code tries the new name too: it serves both versions."""
    for parent in file.ancestors(node):
        if isinstance(parent, ast.Try) and any(
            new in file.text(tried) for tried in parent.body
        ):
            if not any(node in walk(tried) for tried in parent.body):
                return True
    function = file.function_of(node)
    if function is None:
        return False
    text = " ".join(file.lines[function.lineno - 1 : function.end_lineno])
    return new in text and any(
        word in text for word in ("hasattr", "getattr", "AttributeError", "VERSION")
    )


def _is_on_model(
    review: Review, file: ReviewedFile, node: ast.Attribute, name: str
) -> bool:
    atoms = kinds.known(review.value(file, node.value))
    return bool(atoms) and all(_inherits_method(atom, name) for atom in atoms)


def _inherits_method(atom: Atom, name: str) -> bool:
    """Whether a model (object or class) has the method from Pydantic, not its own."""
    if not isinstance(atom, (Instance, ClassAtom)) or not _is_model(atom.cls):
        return False
    return atom.cls.find(name) is None and name not in _fields(atom.cls)


def _fields(cls: ClassInfo) -> set[str]:
    return {
        name
        for base in cls.mro
        if isinstance(base, ClassInfo)
        for name in base.annotations
    }


def _renamed(
    review: Review,
    file: ReviewedFile,
    node: ast.Attribute,
    new: str,
    call: ast.Call | None,
) -> Finding:
    shown = f".{node.attr}()" if call is not None else f".{node.attr}"
    return review.finding(
        RULE,
        file,
        node if call is None else call,
        f"`{shown}` on a model is Pydantic 1",
        instead=f"`.{new}()`." if call is not None else f"`.{new}`.",
    )


def fix(review: Review, finding: Finding) -> Fix | None:
    """Rename what Pydantic 2 only calls otherwise."""
    file = places.file_of(review, finding)
    if file is None or review.required_major_version("pydantic") == 1:
        return None  # installed is 2, but the project says that it runs on 1
    call = places.node_at(file, finding, ast.Call)
    if call is not None and isinstance(call.func, ast.Attribute):
        renamed = pydantic.method(file, call, _METHODS.get(call.func.attr, ""))
        if renamed is not None:
            return renamed
    attribute = places.node_at(file, finding, ast.Attribute)
    if attribute is not None and attribute.attr in _ATTRIBUTES:
        is_class = kinds.all_are(
            review.value(file, attribute.value), lambda a: isinstance(a, ClassAtom)
        )
        if is_class == (attribute.attr == "__fields__"):
            new = _ATTRIBUTES[attribute.attr]
            return Fix(True, (pydantic.attribute_name(file, attribute, new),))
    keyword = places.node_at(file, finding, ast.keyword)
    if keyword is not None:
        return pydantic.setting(file, keyword)
    for config in places.nodes_at(file, finding, ast.ClassDef):
        outer = file.parent(config)
        cls = (
            review.class_info(file, outer) if isinstance(outer, ast.ClassDef) else None
        )
        if cls is not None and isinstance(outer, ast.ClassDef):
            return pydantic.config_class(file, outer, config, _is_settings(cls))
    for function in file.functions():
        for decorator in function.decorator_list:
            if decorator.lineno == finding.line:
                return pydantic.validator(file, function, decorator)
    return None
