"""The statements: `app/crud/article.py`."""

from __future__ import annotations

from roadworthy.scaffold.render.schemas import filters
from roadworthy.scaffold.render.source import Style, module, wrap_docstrings
from roadworthy.scaffold.resource import Reference, Resource

#: What SQLAlchemy's collections of columns keep under a name, in place of a column.
_METHODS = frozenset(
    (
        *("compare", "contains_column", "corresponding_column"),
        *("get", "items", "keys", "values"),
    )
)


def render(resource: Resource, style: Style) -> str:
    """Return the module of the statements on the resource."""
    names = resource.names
    parts = [_statements(resource), _get(resource), _page(resource)]
    parts += [_has(reference, resource) for reference in resource.references]
    homes = {
        names.pascal: f"app.models.{names.singular}",
        f"{names.pascal}Filters": f"app.schemas.{names.singular}",
    }
    for reference in resource.references:
        homes[reference.model.name] = f"app.models.{reference.model.module}"
    text = wrap_docstrings("\n\n\n".join(parts), style)
    purpose = (
        f"Statements on {names.plural_words}, made once: the database's driver knows "
        "them by heart."
    )
    return module(purpose, text, style, homes)


def takes_owner(reference: Reference, resource: Resource) -> bool:
    """Whether what is referred to has to belong to the owner of the resource."""
    return resource.owned and reference.model.owned


def _column(name: str) -> str:
    return f'TABLE.c["{name}"]' if name in _METHODS else f"TABLE.c.{name}"


def _statements(resource: Resource) -> str:
    names = resource.names
    owner = 'TABLE.c.owner_id == bindparam("owner_id")' if resource.owned else ""
    after = f", {owner}" if owner else ""
    before = f"{owner}, " if owner else ""
    return f"""TABLE: Final = {names.pascal}.__table__
ONE: Final = select(TABLE).where(
    TABLE.c.id == bindparam("{names.singular}_id"){after}
)
PAGE: Final = (
    select(TABLE)
    .where({before}TABLE.c.id > bindparam("after"))
    .order_by(TABLE.c.id)
    .limit(bindparam("rows"))
)"""


def _get(resource: Resource) -> str:
    names = resource.names
    owner = "owner_id: int, " if resource.owned else ""
    value = '"owner_id": owner_id, ' if resource.owned else ""
    condition = "if the owner has it" if resource.owned else "if there is one"
    whose = f", {names.pascal}.owner_id == owner_id" if resource.owned else ""
    return f'''async def read(
    reader: Reader, {owner}{names.singular}_id: int
) -> ReadRow | None:
    """Return the {names.words} {condition}."""
    values = {{{value}"{names.singular}_id": {names.singular}_id}}
    return await reader.one_or_none(ONE, values)


async def get(
    session: AsyncSession, {owner}{names.singular}_id: int
) -> {names.pascal} | None:
    """Return the {names.words}, to change it, {condition}."""
    statement = select({names.pascal}).where(
        {names.pascal}.id == {names.singular}_id{whose}
    )
    return (await session.execute(statement)).scalar_one_or_none()'''


def _page(resource: Resource) -> str:
    names = resource.names
    owner = "owner_id: int, " if resource.owned else ""
    value = '"owner_id": owner_id, ' if resource.owned else ""
    of = f"the owner's {names.plural_words}" if resource.owned else names.plural_words
    narrowed = "".join(f"""    if filters.{field.attribute} is not None:
        statement = statement.where(
            {_column(field.attribute)} == filters.{field.attribute}
        )
""" for field in filters(resource))
    statement = "    statement = PAGE\n" if narrowed else ""
    name = "statement" if narrowed else "PAGE"
    return f'''async def select_page(
    reader: Reader, {owner}filters: {names.pascal}Filters
) -> Slice:
    """Return a page of {of}."""
{statement}{narrowed}    values = {{{value}"after": filters.after, "rows": filters.limit + 1}}
    return cut(await reader.all({name}, values), filters.limit)'''


def _has(reference: Reference, resource: Resource) -> str:
    field, model = reference.field, reference.model
    what = model.singular.replace("_", " ")
    owned = takes_owner(reference, resource)
    owner = "owner_id: int, " if owned else ""
    whose = f", {model.name}.owner_id == owner_id" if owned else ""
    condition = f"the owner has the {what}" if owned else f"there is the {what}"
    return f'''async def has_{field.name}(
    session: AsyncSession, {owner}{field.attribute}: int
) -> bool:
    """Tell whether {condition}."""
    statement = select({model.name}.id).where(
        {model.name}.id == {field.attribute}{whose}
    )
    return (await session.execute(statement)).scalar_one_or_none() is not None'''
