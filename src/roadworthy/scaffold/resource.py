"""A resource to add: its names, its fields, whom its rows belong to."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass

from roadworthy.scaffold.errors import ScaffoldError
from roadworthy.scaffold.fields import Field, parse_field, unknown_type
from roadworthy.scaffold.layout import Layout, Model
from roadworthy.scaffold.naming import (
    LONGEST_TOGETHER,
    TAKEN_NAMES,
    Names,
    names_of,
    pascal,
)

# Class names that the generated modules import or define besides the resource's own.
_TAKEN_CLASSES = frozenset(
    (
        *("Annotated", "Any", "Base", "Row", "Page", "PageParams", "Message", "Text"),
        *("RequestModel", "ResponseModel", "RowRead", "Field", "StrEnum", "Decimal"),
        *("UUID", "Uuid", "JSON", "Enum", "String", "Double", "Numeric", "Flag", "Id"),
        *("ForeignKey", "Mapped", "UniqueConstraint", "Index", "AsyncSession", "Path"),
        *("APIRouter", "Depends", "Security", "Query", "Response", "Request", "Status"),
        *("IntegrityError", "Account", "AwareDatetime", "JsonValue", "Client", "Date"),
        *(
            "Reader",
            "Reads",
            "ReadRow",
            "Writer",
            "Slice",
            "Caller",
            "Db",
            "Security",
            "User",
            "Resources",
            "TokenType",
        ),
        *("Integer", "Boolean", "DateTime", "UtcDateTime", "Select", "Self", "Final"),
    )
)


@dataclass(frozen=True, slots=True)
class Reference:
    """A field and the model that it refers to.

    `takes_user` tells whether the factory of its rows wants an account.
    """

    field: Field
    model: Model
    takes_user: bool


@dataclass(frozen=True, slots=True)
class Resource:
    """What is to be generated.

    `owned` rows belong to the user who creates them, and nobody else sees them; others
    are there for every user. `references` holds those fields that are one, resolved.
    """

    names: Names
    fields: tuple[Field, ...]
    owned: bool
    references: tuple[Reference, ...] = ()

    def reference(self, field: Field) -> Model:
        """Return the model that a field refers to. Raises KeyError for other fields."""
        for reference in self.references:
            if reference.field == field:
                return reference.model
        raise KeyError(field.name)

    def enum(self, field: Field) -> str:
        """Return the name of the enumeration of a field: `ArticleState`."""
        return self.names.pascal + pascal(field.name)

    @property
    def unique(self) -> tuple[Field, ...]:
        """The fields whose values do not repeat, among one owner's rows if owned."""
        return tuple(field for field in self.fields if field.unique)


def parse_resource(
    name: str,
    specs: Sequence[str],
    *,
    layout: Layout,
    owned: bool = True,
    plural: str | None = None,
) -> Resource:
    """Return the resource that the words of a command line describe.

    Raises:
        ScaffoldError: they describe none that this project can take; the message says
            why and what to do.
    """
    names = names_of(name, plural)
    if not specs:
        raise ScaffoldError(
            f"`{names.singular}` needs a field at least, such as `title:str:unique`"
        )
    fields = tuple(map(parse_field, specs))
    _check_repeats(fields, specs)
    # What this very resource has written before is not in its own way: whether that
    # is the same is for the plan to tell.
    others = tuple(m for m in layout.models if m.module != names.singular)
    _check_clashes(names, fields, layout, others)
    if names.plural == "users":
        raise ScaffoldError("accounts are there already: `users`")
    found = {
        field: _reference(field, names, layout, others)
        for field in fields
        if field.kind == "reference" and field.target != names.singular
    }
    itself = _itself(names, owned, tuple(found.values()))
    references = tuple(
        found.get(field) or _to_itself(field, itself)
        for field in fields
        if field.kind == "reference"
    )
    for field in fields:
        if len(names.plural) + len(field.attribute) > LONGEST_TOGETHER - 9:
            raise ScaffoldError(
                f"`{names.plural}` and `{field.attribute}` are too long together: the "
                "name of their index would not fit into 63 characters"
            )
    if not any(field.kind != "json" for field in fields):
        raise ScaffoldError(
            f"`{names.singular}` needs a field that is not `json`, by which people tell "
            "one row from another"
        )
    return Resource(names, fields, owned, references)


def _check_repeats(fields: Sequence[Field], specs: Sequence[str]) -> None:
    seen: dict[str, str] = {}
    for field, spec in zip(fields, specs, strict=True):
        if earlier := seen.get(field.attribute):
            raise ScaffoldError(
                f"`{earlier}` and `{spec}` would both be the column `{field.attribute}`"
            )
        seen[field.attribute] = spec


def _check_clashes(
    names: Names, fields: Sequence[Field], layout: Layout, others: Sequence[Model]
) -> None:
    classes = {names.pascal: "the resource"}
    for field in fields:
        if field.kind == "enum":
            name = names.pascal + pascal(field.name)
            if name in classes:
                raise ScaffoldError(
                    f"{classes[name]} and the enum `{field.name}` would both be called "
                    f"`{name}`"
                )
            classes[name] = f"the enum `{field.name}`"
    for name, what in classes.items():
        if name in _TAKEN_CLASSES:
            raise ScaffoldError(
                f"{what} cannot be called `{name}`: the generated modules use that name"
            )
        for model in others:
            if name == model.name:
                raise ScaffoldError(
                    f"{what} cannot be called `{name}`: {model.path} has a model of "
                    "that name"
                )
    for derived in ("Create", "Update", "Read", "Filters"):
        for model in others:
            if model.name == names.pascal + derived:
                raise ScaffoldError(
                    f"the resource cannot be called `{names.singular}`: its schema "
                    f"`{model.name}` would have the name of a model, in {model.path}"
                )
    for model in others:
        if model.table == names.plural:
            raise ScaffoldError(
                f"there is a table `{model.table}` already, of {model.path}; choose "
                "another plural with --plural"
            )
        if model.module == names.plural or names.singular == model.table:
            raise ScaffoldError(
                f"`{names.singular}` (plural `{names.plural}`) and `{model.module}` "
                f"(table `{model.table}`) would be taken for each other; choose another "
                "name, or another plural with --plural"
            )
    for word in (names.singular, names.plural):
        if word in TAKEN_NAMES:
            raise ScaffoldError(
                f"a resource cannot be called `{word}`: the generated code uses that name"
            )
    if names.plural in layout.reserved:
        raise ScaffoldError(
            f"the plural `{names.plural}` is taken: {layout.reserved[names.plural]}; "
            "choose another with --plural"
        )
    if names.singular in layout.reserved:
        raise ScaffoldError(
            f"the name `{names.singular}` is taken: {layout.reserved[names.singular]}"
        )


def _itself(names: Names, owned: bool, others: Sequence[Reference]) -> Reference:
    """Return what stands for the resource where a field refers to it; its field is none.

    The factory of its rows takes an account if they belong to one, or need a row that does.
    """
    columns = frozenset({"owner_id"} if owned else ())
    path = f"app/models/{names.singular}.py"
    model = Model(names.pascal, names.singular, names.plural, columns, "id", path)
    takes_user = owned or any(
        other.field.required and (other.model.table == "users" or other.takes_user)
        for other in others
    )
    return Reference(Field("", "reference"), model, takes_user)


def _to_itself(field: Field, itself: Reference) -> Reference:
    if field.unique or not field.optional:
        why = (
            "cannot be `unique` here; add that constraint by hand, in a migration of its own"
            if field.unique
            else "has to be `optional`: the first row has none to refer to"
        )
        raise ScaffoldError(
            f"`{field.name}:{field.target}`: a reference to the resource itself {why}"
        )
    return dataclasses.replace(itself, field=field)


def _reference(
    field: Field, names: Names, layout: Layout, others: Sequence[Model]
) -> Reference:
    model = _target(field, names, others)
    if field.unique and (field.optional or model.table == "users"):
        what = "optional" if field.optional else "to an account"
        raise ScaffoldError(
            f"`{field.name}:{field.target}`: a reference that is {what} cannot be "
            "`unique` here; add that constraint by hand, in a migration of its own"
        )
    if model.table == "users":
        return Reference(field, model, takes_user=False)
    factory = f"make_{model.singular}"
    needed = layout.factories.get(factory)
    if needed not in (("session",), ("session", "owner"), ("session", "user")):
        raise ScaffoldError(
            f"`{field.name}:{field.target}`: the tests need a function "
            f"`{factory}(session, owner)` in tests/factories.py that stores a row to "
            "refer to"
        )
    return Reference(field, model, takes_user=len(needed) == 2)


def _target(field: Field, names: Names, models: Sequence[Model]) -> Model:
    target = field.target or ""
    for model in models:
        if target == model.singular:
            if model.key != "id":
                raise ScaffoldError(
                    f"`{field.name}:{target}`: {model.path} has no column `id` to refer "
                    "to"
                )
            return model
    known = tuple(sorted({names.singular, *(model.singular for model in models)}))
    raise unknown_type(f"{field.name}:{target}", known)
