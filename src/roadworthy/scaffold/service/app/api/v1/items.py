"""Items."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Security, status

from app.api.deps import Caller, Db, Reads
from app.api.responses import problems
from app.crud.page import Slice
from app.db.reader import ReadRow
from app.models.item import Item
from app.schemas.base import Id, Page
from app.schemas.item import ItemCreate, ItemFilters, ItemRead, ItemUpdate
from app.services.item import ItemReader, ItemService

router = APIRouter(prefix="/items", tags=["items"], responses=problems(401, 403))


async def get_reader(caller: Caller, reader: Reads) -> ItemReader:
    """Return what reads the caller's items."""
    return ItemReader(reader, caller.id)


async def get_service(caller: Caller, session: Db) -> ItemService:
    """Return what changes the caller's items."""
    return ItemService(session, caller.id)


ItemId = Annotated[Id, Path()]
Reader = Annotated[ItemReader, Security(get_reader, scopes=["items:read"])]
Writer = Annotated[ItemService, Security(get_service, scopes=["items:write"])]


@router.get("", response_model=Page[ItemRead])
async def list_items(filters: Annotated[ItemFilters, Query()], items: Reader) -> Slice:
    """List your items."""
    return await items.list_page(filters)


@router.post(
    "",
    response_model=ItemRead,
    status_code=status.HTTP_201_CREATED,
    responses=problems(409),
)
async def create_item(data: ItemCreate, items: Writer) -> Item:
    """Create an item."""
    return await items.create(data)


@router.get("/{item_id}", response_model=ItemRead, responses=problems(404))
async def read_item(item_id: ItemId, items: Reader) -> ReadRow:
    """Read one of your items."""
    return await items.get(item_id)


@router.patch("/{item_id}", response_model=ItemRead, responses=problems(404, 409))
async def update_item(item_id: ItemId, data: ItemUpdate, items: Writer) -> Item:
    """Change one of your items."""
    return await items.update(item_id, data)


@router.delete(
    "/{item_id}",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=problems(404, 409),
)
async def delete_item(item_id: ItemId, items: Writer) -> None:
    """Delete one of your items."""
    await items.delete(item_id)
