"""The model: `app/models/article.py`."""

from __future__ import annotations

from roadworthy.scaffold.fields import Field
from roadworthy.scaffold.naming import with_article
from roadworthy.scaffold.render import columns
from roadworthy.scaffold.render.source import Style, module, wrap_docstrings
from roadworthy.scaffold.resource import Resource


def render(resource: Resource, style: Style) -> str:
    """Return the module of the model and its enumerations."""
    names = resource.names
    enums = [_enum(field, resource) for field in resource.fields if field.choices]
    words = with_article(names.words)
    owner = "that a user owns" if resource.owned else "that every user may read"
    body = [f"class {names.pascal}(Row):"]
    body += [f'    """{words[:1].upper()}{words[1:]} {owner}."""', ""]
    body += [f'    __tablename__ = "{names.plural}"']
    if arguments := table_arguments(resource):
        body += [f"    __table_args__ = ({', '.join(arguments)},)"]
    body += [""]
    if resource.owned:
        owner_key = 'ForeignKey("users.id", ondelete="CASCADE")'
        body += [f"    owner_id: Mapped[int] = mapped_column({owner_key})"]
    body += [_column(field, resource) for field in resource.fields]
    purpose = names.plural_words[:1].upper() + names.plural_words[1:] + "."
    text = "\n\n\n".join((*enums, "\n".join(body)))
    return module(purpose, wrap_docstrings(text, style), style, {})


def table_arguments(resource: Resource) -> list[str]:
    """Return the indexes and constraints over several columns.

    A list walks through one owner's rows by number; what is unique is so for an owner.
    """
    if not resource.owned:
        return []
    unique = [
        f'UniqueConstraint("owner_id", "{field.attribute}")'
        for field in resource.unique
    ]
    return ['Index(None, "owner_id", "id")', *unique]


def _enum(field: Field, resource: Resource) -> str:
    lines = [f"class {resource.enum(field)}(StrEnum):"]
    what = field.name.replace("_", " ")
    lines += [
        f'    """What the {what} of {with_article(resource.names.words)} can be."""'
    ]
    lines += ["", *(f'    {choice.upper()} = "{choice}"' for choice in field.choices)]
    return "\n".join(lines)


def _column(field: Field, resource: Resource) -> str:
    annotation = columns.python_type(field, resource)
    if field.optional:
        annotation += " | None"
    arguments = []
    if (kind := columns.model_type(field, resource)) is not None:
        arguments.append(kind)
    if field.kind == "reference":
        table = resource.reference(field).table
        deleted = columns.ondelete(field, resource)
        arguments.append(f'ForeignKey("{table}.id", ondelete="{deleted}")')
    if field.unique and not resource.owned:
        arguments.append("unique=True")
    if field.indexed:
        arguments.append("index=True")
    if (default := columns.model_default(field, resource)) is not None:
        arguments.append(f"default={default}")
    line = f"    {field.attribute}: Mapped[{annotation}]"
    return f"{line} = mapped_column({', '.join(arguments)})" if arguments else line
