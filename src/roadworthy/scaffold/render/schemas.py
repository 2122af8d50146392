"""The schemas: `app/schemas/article.py`."""

from __future__ import annotations

from roadworthy.scaffold.fields import TEXT_LENGTH, Field
from roadworthy.scaffold.naming import pascal, with_article
from roadworthy.scaffold.render import columns
from roadworthy.scaffold.render.source import Style, module, wrap_docstrings
from roadworthy.scaffold.resource import Resource

# What the module imports, which the alias of a field must not hide, and what no alias
# can be.
_IMPORTED = frozenset(
    (
        *("True", "False", "None"),
        *(
            "AfterValidator",
            "Annotated",
            "Day",
            "Decimal",
            "DecimalText",
            "Field",
            "Flag",
            "Id",
            "Any",
        ),
        *("JsonObject", "JsonValue", "Key", "Moment", "Number", "PageParams", "Page"),
        *("QueryFlag", "QueryWhole", "RequestModel", "RowRead", "Text", "Whole"),
    )
)

_LIMITED = ("str", "text", "decimal")


def render(resource: Resource, style: Style) -> str:
    """Return the module of the schemas: for creating, changing, reading, filtering."""
    names = resource.names
    aliases = [line for field in resource.fields if (line := _alias(field, resource))]
    one = with_article(names.words)
    parts = [
        "\n".join(aliases),
        _class(
            f"{names.pascal}Create(RequestModel)",
            f"A new {names.words}.",
            [_created(field, resource) for field in resource.fields],
        ),
        _class(
            f"{names.pascal}Update(RequestModel)",
            "A change: fields left out stay as they are.",
            [_changed(field, resource) for field in resource.fields],
        ),
        _class(
            f"{names.pascal}Read(RowRead)",
            f"{one[:1].upper()}{one[1:]} as "
            + ("its owner sees it." if resource.owned else "every user sees it."),
            (["owner_id: int"] if resource.owned else [])
            + [_read(field, resource) for field in resource.fields],
        ),
        _class(
            f"{names.pascal}Filters(PageParams)",
            f"Which {names.plural_words}"
            + (" of the owner." if resource.owned else "."),
            [
                f"{field.attribute}: {_asked(field, resource)} | None = None"
                for field in filters(resource)
            ],
        ),
    ]
    text = "\n\n\n".join(part for part in parts if part)
    homes = {"Text": "app.schemas.base"} | {
        resource.enum(field): f"app.models.{names.singular}"
        for field in resource.fields
        if field.choices
    }
    purpose = f"What {names.plural_words} look like from outside."
    return module(purpose, wrap_docstrings(text, style), style, homes)


def filters(resource: Resource) -> tuple[Field, ...]:
    """Return the fields by whose value a list can be narrowed down.

    Those that have few values, those that refer to something, and those with an index.
    """
    return tuple(
        field
        for field in resource.fields
        if field.kind in ("bool", "enum", "reference")
        or (
            (field.unique or field.index)
            and field.kind in ("str", "int", "date", "uuid")
        )
    )


def _class(head: str, doc: str, lines: list[str]) -> str:
    body = [f"class {head}:", f'    """{doc}"""']
    if lines:
        body += ["", *(f"    {line}" for line in lines)]
    return "\n".join(body)


def alias_of(field: Field, resource: Resource) -> str:
    """Return the name of the type of a field with limits of its own: `Title`."""
    taken = {
        resource.names.pascal + part for part in ("Create", "Update", "Read", "Filters")
    }
    taken |= {resource.enum(other) for other in resource.fields if other.choices}
    taken |= _IMPORTED
    name = ""
    # One after the other: `a1` and `a_1` would both be `A1`.
    for other in resource.fields:
        if other.kind in _LIMITED:
            name = pascal(other.name)
            while name in taken:
                name += "Value"
            taken.add(name)
        if other == field:
            break
    return name


def _alias(field: Field, resource: Resource) -> str | None:
    if field.kind == "str":
        limits = f"Annotated[Text, Field(min_length=1, max_length={field.length})]"
    elif field.kind == "text":
        limits = f"Annotated[Text, Field(max_length={TEXT_LENGTH:_})]"
    elif field.kind == "decimal":
        limits = (
            f"Annotated[DecimalText, Field(max_digits={field.digits}, "
            f"decimal_places={field.places}), AfterValidator(places({field.places}))]"
        )
    else:
        return None
    return f"{alias_of(field, resource)} = {limits}"


def _sent(field: Field, resource: Resource) -> str:
    """Return the type of the field in a body."""
    plain = {
        "int": "Whole",
        "float": "Number",
        "bool": "Flag",
        "date": "Day",
        "datetime": "Moment",
        "uuid": "UUID",
        "json": "JsonObject",
        "enum": resource.enum(field),
        "reference": "Key",
    }
    return plain.get(field.kind) or alias_of(field, resource)


def _asked(field: Field, resource: Resource) -> str:
    """Return the type of the field in a query, where everything is text."""
    asked = {"int": "QueryWhole", "bool": "QueryFlag", "reference": "Id"}
    return asked.get(field.kind) or _sent(field, resource)


def _created(field: Field, resource: Resource) -> str:
    kind = _sent(field, resource)
    if field.optional:
        kind += " | None"
    line = f"{field.attribute}: {kind}"
    if field.default is None:
        return f"{line} = None" if field.optional else line
    if field.kind == "json":
        return f"{line} = Field(default={field.default!r})"  # Pydantic copies it
    return f"{line} = {columns.literal(field, resource, field.default)}"


def _changed(field: Field, resource: Resource) -> str:
    kind = _sent(field, resource)
    if field.optional:
        return f"{field.attribute}: {kind} | None = None"
    return f"{field.attribute}: {kind} = Field(default_factory=unset)"


def _read(field: Field, resource: Resource) -> str:
    kind = columns.python_type(field, resource)
    if field.kind == "json":
        kind = "dict[str, JsonValue]"
    elif field.kind == "decimal":
        kind = "DecimalShown"
    return f"{field.attribute}: {kind}{' | None' if field.optional else ''}"
