"""RW624 mass-assignment."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from roadworthy.findings import Finding
from roadworthy.rules import kinds
from roadworthy.rules.base import Rule
from roadworthy.rules.files import FunctionNode, ReviewedFile, own_nodes
from roadworthy.rules.nodes import walk
from roadworthy.rules.review import Review
from roadworthy.rules.security.authentication import guards
from roadworthy.rules.security.bindings import reaching
from roadworthy.rules.security.questions import Origin, Question
from roadworthy.rules.security.tracing import tracer
from roadworthy.rules.security.whole_schemas import DUMPS, is_encoder, written_schema
from roadworthy.values.atoms import ClassAtom
from roadworthy.values.program import ClassInfo

RULE = Rule(
    code="RW624",
    name="mass-assignment",
    severity="error",
    summary="A whole request schema written to a row, with fields not the client's to set.",
    why=(
        "A client adds `is_superuser: true` to its own profile, and is one. Whatever "
        "the schema accepts, this line writes."
    ),
    instead=(
        "A narrower schema for this route, or "
        '`model_dump(exclude={"is_superuser"})` and the field set by the server.'
    ),
    wrong="""\
from fastapi import FastAPI
from sqlmodel import Field, Session, SQLModel, create_engine

engine = create_engine("postgresql://db/shop")
app = FastAPI()


class UserBase(SQLModel):
    name: str
    is_superuser: bool = False


class User(UserBase, table=True):
    id: int | None = Field(default=None, primary_key=True)


class UserCreate(UserBase):
    pass


@app.post("/users")
def create_user(data: UserCreate) -> None:
    user = User(**data.model_dump())  # expect: RW624
    with Session(engine) as session:
        session.add(user)
        session.commit()
""",
    right="""\
from fastapi import FastAPI
from sqlmodel import Field, Session, SQLModel, create_engine

engine = create_engine("postgresql://db/shop")
app = FastAPI()


class User(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    name: str
    is_superuser: bool = False


class UserCreate(SQLModel):
    name: str


@app.post("/users")
def create_user(data: UserCreate) -> None:
    user = User(**data.model_dump())
    with Session(engine) as session:
        session.add(user)
        session.commit()
""",
    references=(
        "https://owasp.org/API-Security/editions/2023/en/"
        "0xa3-broken-object-property-level-authorization/",
    ),
)

_PRIVILEGED = frozenset(
    {
        "is_admin",
        "is_administrator",
        "is_superuser",
        "is_super_user",
        "is_staff",
        "is_root",
        "admin",
        "superuser",
        "role",
        "roles",
        "role_id",
        "permissions",
        "owner_id",
        "author_id",
        "is_verified",
        "is_approved",
        "email_verified",
        "verified",
        "balance",
        "credits",
        "credit_balance",
        "hashed_password",
        "password_hash",
    }
)
_QUESTION = Question(guarded=False)
_ROWS = frozenset({"values"})


def check(review: Review) -> Iterator[Finding]:
    """Flag writes of whole schemas whose privileged fields the client can set."""
    for file in review.files:
        if not file.mentions(
            "model_dump",
            ".dict(",
            "model_validate",
            "from_orm",
            "sqlmodel_update",
            "setattr",
            "jsonable_encoder",
        ):
            continue
        for node, _ in review.reached_functions(file):
            for call in own_nodes(node):
                if not isinstance(call, ast.Call):
                    continue
                for data, given in _writes(review, file, node, call):
                    finding = _judged(review, file, node, call, data, given)
                    if finding is not None:
                        yield finding
                        break


def _judged(
    review: Review,
    file: ReviewedFile,
    node: FunctionNode,
    call: ast.Call,
    data: ast.expr,
    overridden: frozenset[str],
) -> Finding | None:
    schema = written_schema(review, file, node, data, overridden, 0)
    if schema is None:
        return None
    source, excluded = schema
    origin = tracer(review).client(file, source, _QUESTION)
    if origin is None or origin.handler is None:
        return None
    handler = origin.handler
    if guards(review).is_administrators(handler):
        return None
    fields = _fields(review, origin, excluded)
    table = _target_fields(review, file, node, call)
    if table is not None:
        fields = [name for name in fields if name in table]
    if not fields:
        return None
    return review.finding(
        RULE,
        file,
        call,
        f"the client of `{handler.label}` sets `{'`, `'.join(fields)}`",
        entry=handler,
    )


def _writes(
    review: Review, file: ReviewedFile, node: FunctionNode, call: ast.Call
) -> Iterator[tuple[ast.expr, frozenset[str]]]:
    """Yield the data that a call writes to a row whole, and the names set besides."""
    function = call.func
    last = function.attr if isinstance(function, ast.Attribute) else ""
    if last in ("model_validate", "from_orm", "parse_obj") and call.args:
        assert isinstance(function, ast.Attribute)
        if kinds.any_is(review.value(file, function.value), kinds.is_table_model):
            yield call.args[0], _updated(node, call)
        return
    if last == "sqlmodel_update" and call.args:
        yield call.args[0], _updated(node, call)
        return
    if isinstance(function, ast.Name) and function.id == "setattr":
        data = _looped(file, call)
        row = review.value(file, call.args[0])
        if data is not None and (
            not kinds.known(row) or kinds.any_is(row, kinds.is_table_model)
        ):
            yield data, frozenset()
        return
    spread = [
        k.value
        for k in call.keywords
        if k.arg is None and _may_be_dump(file, node, k.value)
    ]
    if last in _ROWS and len(call.args) == 1 and not call.keywords:
        # `update(User).values(data.model_dump())`
        spread.extend(d for d in call.args if _may_be_dump(file, node, d))
    if not spread:
        return
    named = frozenset(k.arg for k in call.keywords if k.arg is not None)
    if last in _ROWS or kinds.any_is(
        review.callees(file, call),
        lambda atom: isinstance(atom, ClassAtom) and kinds.is_table_model(atom),
    ):
        for data in spread:
            yield data, named


def _may_be_dump(file: ReviewedFile, node: FunctionNode, data: ast.expr) -> bool:
    """Whether an expression may be a dumped schema, by how it is written."""
    if isinstance(data, ast.Call):
        if is_encoder(data):
            return True
        return isinstance(data.func, ast.Attribute) and data.func.attr in DUMPS
    if isinstance(data, ast.Dict):
        return None in data.keys
    if not isinstance(data, ast.Name) or data.id not in file.local_names(node):
        return False
    return any(
        isinstance(source, (ast.Call, ast.Dict)) and _may_be_dump(file, node, source)
        for source in reaching(file, node, data)[0]
    )


def _updated(node: FunctionNode, call: ast.Call) -> frozenset[str]:
    """Return the names that `update={...}` sets over the client's."""
    for keyword in call.keywords:
        if keyword.arg == "update":
            if isinstance(keyword.value, ast.Dict):
                return frozenset(
                    key.value
                    for key in keyword.value.keys
                    if isinstance(key, ast.Constant) and isinstance(key.value, str)
                )
            return _keys_given(node, keyword.value)
    return frozenset()


def _keys_given(node: FunctionNode, data: ast.expr) -> frozenset[str]:
    """Return the keys of a local dictionary; where they cannot be told, all that matter."""
    if not isinstance(data, ast.Name):
        return _PRIVILEGED
    found: set[str] = set()
    known = False
    for part in own_nodes(node):
        value: ast.expr | None = None
        if isinstance(part, ast.Assign):
            for target in part.targets:
                if isinstance(target, ast.Name) and target.id == data.id:
                    value = part.value
                elif (
                    isinstance(target, ast.Subscript)
                    and isinstance(target.value, ast.Name)
                    and target.value.id == data.id
                ):
                    if not isinstance(target.slice, ast.Constant):
                        return _PRIVILEGED
                    found.add(str(target.slice.value))
        elif isinstance(part, ast.AnnAssign) and isinstance(part.target, ast.Name):
            value = part.value if part.target.id == data.id else None
        if value is not None:
            if not isinstance(value, ast.Dict) or None in value.keys:
                return _PRIVILEGED
            known = True
            found |= {
                str(key.value) for key in value.keys if isinstance(key, ast.Constant)
            }
    return frozenset(found) if known else _PRIVILEGED


def _looped(file: ReviewedFile, call: ast.Call) -> ast.expr | None:
    """Return what a loop goes over whose names and values `setattr` writes."""
    if len(call.args) != 3 or not isinstance(call.args[1], ast.Name):
        return None
    name = call.args[1].id
    given = call.args[2]
    looked_up: ast.expr | None = None
    if isinstance(given, ast.Subscript) and isinstance(given.slice, ast.Name):
        if given.slice.id == name:
            looked_up = given.value  # `setattr(row, name, values[name])`
    for parent in file.ancestors(call):
        if isinstance(parent, (ast.FunctionDef, ast.AsyncFunctionDef)):
            return None
        if isinstance(parent, ast.If) and any(
            isinstance(part, ast.Name) and part.id == name
            for test in walk(parent.test, ast.Compare)
            if not (looked_up is not None and _asks_for_key(test, name, looked_up))
            for part in walk(test)
        ):
            return None
        if isinstance(parent, ast.For):
            if not any(
                isinstance(part, ast.Name) and part.id == name
                for part in walk(parent.target)
            ):
                continue
            if _skips_some(parent, name):
                return None
            if looked_up is not None:
                return looked_up
            source = parent.iter
            if isinstance(source, ast.Attribute) and source.attr in _FIELD_NAMES:
                return source.value  # `for name in data.model_fields_set`
            if (
                isinstance(source, ast.Call)
                and isinstance(source.func, ast.Attribute)
                and source.func.attr == "items"
            ):
                return source.func.value
            # Going over a model gives pairs of its fields' names and values.
            return source if isinstance(source, ast.Name) else None
    return None


def _asks_for_key(test: ast.Compare, name: str, mapping: ast.expr) -> bool:
    """Whether a test only asks whether a mapping has a key, whichever that is."""
    return (
        len(test.ops) == 1
        and isinstance(test.ops[0], ast.In)
        and isinstance(test.left, ast.Name)
        and test.left.id == name
        and ast.dump(test.comparators[0]) == ast.dump(mapping)
    )


_FIELD_NAMES = frozenset(
    {"model_fields_set", "model_fields", "__fields_set__", "__fields__"}
)


def _skips_some(loop: ast.For, name: str) -> bool:
    """Whether a loop leaves some names out: `if name == "role": continue`."""
    return any(
        isinstance(part, ast.If)
        and any(isinstance(inner, ast.Continue) for inner in part.body)
        and any(
            isinstance(inner, ast.Name) and inner.id == name
            for inner in walk(part.test)
        )
        for part in walk(loop)
    )


def _fields(review: Review, origin: Origin, excluded: frozenset[str]) -> list[str]:
    """Return the privileged fields of the schema that a client sends."""
    if origin.parameter is None:
        return []
    found: dict[str, None] = {}
    for atom in origin.parameter.plain_types:
        if not isinstance(atom, ClassAtom) or not kinds.is_model(atom):
            continue
        for name, declared, types in review.field_types(atom.cls):
            if name in _PRIVILEGED and name not in excluded:
                if _is_settable(declared, name) and types:
                    found[name] = None
    return list(found)


def _is_settable(cls: ClassInfo, name: str) -> bool:
    return not name.startswith("_")


def _target_fields(
    review: Review, file: ReviewedFile, node: FunctionNode, call: ast.Call
) -> frozenset[str] | None:
    """Return the columns of the row that is written, if it is known."""
    function = call.func
    owners: list[ast.expr] = []
    if isinstance(function, ast.Name) and function.id == "setattr":
        owners = [call.args[0]]
    elif isinstance(function, ast.Attribute) and function.attr in (
        "model_validate",
        "from_orm",
        "parse_obj",
        "sqlmodel_update",
    ):
        owners = [function.value]
    atoms = [atom for owner in owners for atom in review.value(file, owner)]
    if not owners:
        atoms = [a for a in review.callees(file, call) if isinstance(a, ClassAtom)]
    found: set[str] = set()
    for atom in atoms:
        cls = kinds.class_of(atom)
        if cls is None or not kinds.is_table_model(atom):
            return None
        for base in cls.mro:
            if isinstance(base, ClassInfo):
                found.update(base.annotations)
                found.update(base.namespace)
    return frozenset(found) or None
