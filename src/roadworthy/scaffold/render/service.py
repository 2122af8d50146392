"""The service: `app/services/article.py`."""

from __future__ import annotations

from roadworthy.scaffold.naming import with_article
from roadworthy.scaffold.render.crud import takes_owner
from roadworthy.scaffold.render.source import Style, module, wrap_docstrings
from roadworthy.scaffold.resource import Resource


def render(resource: Resource, style: Style) -> str:
    """Return the module of what can be done with the resource."""
    names = resource.names
    name, one, cls = names.singular, with_article(names.words), names.pascal
    owned = resource.owned
    owner = "self.owner_id, " if owned else ""
    none = "the owner has none such" if owned else "there is none such"
    about = (
        f"The {names.plural_words} of one owner. Those of others are as good as absent."
        if owned
        else f"The {names.plural_words}, which belong to nobody."
    )
    changes = (
        f"Changes to the {names.plural_words} of one owner."
        if owned
        else f"Changes to {names.plural_words}."
    )
    given = ", owner_id: int" if owned else ""
    kept = "\n        self.owner_id = owner_id" if owned else ""
    stored = (
        "**data.model_dump(), owner_id=self.owner_id"
        if owned
        else "**data.model_dump()"
    )
    references = bool(resource.references)
    create_raises = (
        "`NotFoundError` or `ConflictError`"
        if references
        else ("`ConflictError` if it clashes with another")
    )
    check = "        await self.check(data)\n" if references else ""
    body = f'''class {cls}Reader:
    """{about}"""

    def __init__(self, reader: Reader{given}) -> None:
        self.reader = reader{kept}

    async def list_page(self, filters: {cls}Filters) -> Slice:
        """Return a page of {"the owner's " if owned else ""}{names.plural_words}."""
        return await crud.select_page(self.reader, {owner}filters)

    async def get(self, {name}_id: int) -> ReadRow:
        """Return {one}; raise `NotFoundError` if {none}."""
        {name} = await crud.read(self.reader, {owner}{name}_id)
        if {name} is None:
            raise NotFoundError("{names.words}")
        return {name}


class {cls}Service:
    """{changes}"""

    def __init__(self, session: AsyncSession{given}) -> None:
        self.session = session{kept}

    async def get(self, {name}_id: int) -> {cls}:
        """Return {one} to change; raise `NotFoundError`."""
        {name} = await crud.get(self.session, {owner}{name}_id)
        if {name} is None:
            raise NotFoundError("{names.words}")
        return {name}

    async def create(self, data: {cls}Create) -> {cls}:
        """Store a new {names.words}; raise {create_raises}."""
{check}        {name} = {cls}({stored})
        self.session.add({name})
        await self.commit()
        return {name}

    async def update(self, {name}_id: int, data: {cls}Update) -> {cls}:
        """Change {one}; raise `NotFoundError` or `ConflictError`."""
        {name} = await self.get({name}_id)
{check}        for name, value in data.model_dump(exclude_unset=True).items():
            setattr({name}, name, value)
        await self.commit()
        return {name}

    async def delete(self, {name}_id: int) -> None:
        """Delete {one}; raise `NotFoundError` if {none}."""
        await self.session.delete(await self.get({name}_id))
        await self.commit()
{_check(resource)}
    async def commit(self) -> None:
        """Commit; raise `ConflictError` where a constraint forbids it."""
        try:
            await self.session.commit()
        except IntegrityError as error:
            await self.session.rollback()
            raise ConflictError("{names.words}") from error
'''
    homes = {cls: f"app.models.{name}", "crud": f"app.crud:{name}"}
    for schema in ("Create", "Filters", "Update"):
        homes[f"{cls}{schema}"] = f"app.schemas.{name}"
    purpose = f"What can be done with {names.plural_words}."
    return module(purpose, wrap_docstrings(body, style), style, homes)


def _check(resource: Resource) -> str:
    """Return the method that looks up what a row refers to; empty if it is not needed."""
    if not resource.references:
        return ""
    cls = resource.names.pascal
    lines = []
    for reference in resource.references:
        field = reference.field
        owner = "self.owner_id, " if takes_owner(reference, resource) else ""
        what = reference.model.singular.replace("_", " ")
        lines.append(f"""        {field.attribute} = data.{field.attribute}
        if {field.attribute} is not None and not await crud.has_{field.name}(
            self.session, {owner}{field.attribute}
        ):
            raise NotFoundError("{what}")""")
    return f'''
    async def check(self, data: {cls}Create | {cls}Update) -> None:
        """Raise `NotFoundError` if the data refer to what is not there."""
{chr(10).join(lines)}
'''
