"""The router: `app/api/v1/articles.py`, and the scopes that its routes ask for."""

from __future__ import annotations

from roadworthy.scaffold.naming import with_article
from roadworthy.scaffold.render.source import Style, module, wrap_docstrings
from roadworthy.scaffold.resource import Resource


def render(resource: Resource, style: Style) -> str:
    """Return the module of the routes."""
    names = resource.names
    name, many, cls = names.singular, names.plural, names.pascal
    yours = f"your {names.plural_words}" if resource.owned else names.plural_words
    one = with_article(names.words)
    one_of = f"one of {yours}" if resource.owned else one
    caller = "caller" if resource.owned else "_"
    given = ", caller.id" if resource.owned else ""
    whose = "the caller's " if resource.owned else ""
    created = "404, 409" if resource.references else "409"
    body = f'''router = APIRouter(
    prefix="/{names.path}", tags=["{names.plural_words}"], responses=problems(401, 403)
)


async def get_reader({caller}: Caller, reader: Reads) -> {cls}Reader:
    """Return what reads {whose}{names.plural_words}."""
    return {cls}Reader(reader{given})


async def get_service({caller}: Caller, session: Db) -> {cls}Service:
    """Return what changes {whose}{names.plural_words}."""
    return {cls}Service(session{given})


{cls}Id = Annotated[Id, Path()]
Reader = Annotated[
    {cls}Reader, Security(get_reader, scopes=["{names.scope}:read"])
]
Writer = Annotated[
    {cls}Service, Security(get_service, scopes=["{names.scope}:write"])
]


@router.get("", response_model=Page[{cls}Read])
async def list_{many}(
    filters: Annotated[{cls}Filters, Query()], {many}: Reader
) -> Slice:
    """List {yours}."""
    return await {many}.list_page(filters)


@router.post(
    "",
    response_model={cls}Read,
    status_code=status.HTTP_201_CREATED,
    responses=problems({created}),
)
async def create_{name}(data: {cls}Create, {many}: Writer) -> {cls}:
    """Create {one}."""
    return await {many}.create(data)


@router.get("/{{{name}_id}}", response_model={cls}Read, responses=problems(404))
async def read_{name}({name}_id: {cls}Id, {many}: Reader) -> ReadRow:
    """Read {one_of}."""
    return await {many}.get({name}_id)


@router.patch("/{{{name}_id}}", response_model={cls}Read, responses=problems(404, 409))
async def update_{name}({name}_id: {cls}Id, data: {cls}Update, {many}: Writer) -> {cls}:
    """Change {one_of}."""
    return await {many}.update({name}_id, data)


@router.delete(
    "/{{{name}_id}}",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=problems(404, 409),
)
async def delete_{name}({name}_id: {cls}Id, {many}: Writer) -> None:
    """Delete {one_of}."""
    await {many}.delete({name}_id)
'''
    homes = {
        **dict.fromkeys(
            ("APIRouter", "Path", "Query", "Security", "status"), "fastapi"
        ),
        **dict.fromkeys(("Caller", "Db", "Reads"), "app.api.deps"),
        "problems": "app.api.responses",
        cls: f"app.models.{name}",
        f"{cls}Reader": f"app.services.{name}",
        f"{cls}Service": f"app.services.{name}",
        **{
            f"{cls}{s}": f"app.schemas.{name}"
            for s in ("Create", "Filters", "Read", "Update")
        },
    }
    purpose = names.plural_words[:1].upper() + names.plural_words[1:] + "."
    return module(purpose, wrap_docstrings(body, style), style, homes)


def scopes(resource: Resource) -> dict[str, str]:
    """Return the scopes of the resource, and what each allows."""
    many = resource.names.plural_words
    whose = f"your {many}" if resource.owned else many
    admin = "" if resource.owned else " (administrators)"
    return {
        f"{resource.names.scope}:read": f"Read {whose}",
        f"{resource.names.scope}:write": f"Create, change and delete {whose}{admin}",
    }
