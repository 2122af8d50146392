"""A field as a column: its type in the model, in a migration, and its default."""

from __future__ import annotations

import datetime
import decimal
import uuid

from roadworthy.scaffold.fields import Field
from roadworthy.scaffold.naming import LONGEST
from roadworthy.scaffold.resource import Resource


def python_type(field: Field, resource: Resource) -> str:
    """Return the type of the attribute, without `| None`."""
    return {
        "str": "str",
        "text": "str",
        "int": "int",
        "float": "float",
        "decimal": "Decimal",
        "bool": "bool",
        "date": "dt.date",
        "datetime": "dt.datetime",
        "uuid": "UUID",
        "json": "dict[str, Any]",
        "enum": resource.enum(field),
        "reference": "int",
    }[field.kind]


def model_type(field: Field, resource: Resource) -> str | None:
    """Return SQLAlchemy's type in the model; None where the annotation says it."""
    return {
        "str": f"String({field.length})",
        "text": "Text",
        "int": None,
        "float": "Double",
        "decimal": f"Numeric({field.digits}, {field.places})",
        "bool": None,
        "date": None,
        "datetime": "UtcDateTime",
        "uuid": "Uuid",
        "json": "JSON",
        "enum": _enum(field, resource),
        "reference": None,
    }[field.kind]


def migration_type(field: Field) -> str:
    """Return the type in a migration, where enumerations are the text they are kept as.

    So a new choice needs no migration, and an old migration no enumeration.
    """
    return {
        "str": f"sa.String({field.length})",
        "text": "sa.Text()",
        "int": "sa.Integer()",
        "float": "sa.Double()",
        "decimal": f"sa.Numeric({field.digits}, {field.places})",
        "bool": "sa.Boolean()",
        "date": "sa.Date()",
        "datetime": "UtcDateTime()",
        "uuid": "sa.Uuid()",
        "json": "sa.JSON()",
        "enum": f"sa.String({LONGEST})",
        "reference": "BigId",
    }[field.kind]


def literal(field: Field, resource: Resource, value: object) -> str:
    """Return a value of the field as Python source."""
    if field.kind == "enum":
        return f"{resource.enum(field)}.{str(value).upper()}"
    match value:
        case decimal.Decimal():
            return f'Decimal("{value:f}")'
        case datetime.datetime():
            parts = [value.year, value.month, value.day, value.hour, value.minute]
            if value.second:
                parts.append(value.second)
            return f"dt.datetime({', '.join(map(str, parts))}, tzinfo=dt.UTC)"
        case datetime.date():
            return f"dt.date({value.year}, {value.month}, {value.day})"
        case uuid.UUID():
            return f'UUID("{value}")'
    return repr(value)


def model_default(field: Field, resource: Resource) -> str | None:
    """Return the argument `default` of the column, None where there is none."""
    if field.default is None:
        return None
    if field.kind == "json":
        return "dict" if field.default == {} else f"lambda: {field.default!r}"
    return literal(field, resource, field.default)


def ondelete(field: Field, resource: Resource) -> str:
    """Return what becomes of a row when the row that it refers to is deleted.

    An account can always be deleted, whoever refers to it. Else a row that others need
    stays until they are gone, which answers 409.
    """
    if field.optional:
        return "SET NULL"
    return "CASCADE" if resource.reference(field).table == "users" else "RESTRICT"


def _enum(field: Field, resource: Resource) -> str:
    return (
        f"Enum({resource.enum(field)}, native_enum=False, length={LONGEST}, "
        "values_callable=lambda choices: [choice.value for choice in choices])"
    )
