"""What can be done with items."""

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.errors import ConflictError, NotFoundError
from app.crud import item as crud
from app.crud.page import Slice
from app.db.reader import Reader, ReadRow
from app.models.item import Item
from app.schemas.item import ItemCreate, ItemFilters, ItemUpdate


class ItemReader:
    """The items of one owner. Those of others are as good as absent."""

    def __init__(self, reader: Reader, owner_id: int) -> None:
        self.reader = reader
        self.owner_id = owner_id

    async def list_page(self, filters: ItemFilters) -> Slice:
        """Return a page of the owner's items."""
        return await crud.select_page(self.reader, self.owner_id, filters)

    async def get(self, item_id: int) -> ReadRow:
        """Return an item; raise `NotFoundError` if the owner has none such."""
        item = await crud.read(self.reader, self.owner_id, item_id)
        if item is None:
            raise NotFoundError("item")
        return item


class ItemService:
    """Changes to the items of one owner."""

    def __init__(self, session: AsyncSession, owner_id: int) -> None:
        self.session = session
        self.owner_id = owner_id

    async def get(self, item_id: int) -> Item:
        """Return an item to change; raise `NotFoundError`."""
        item = await crud.get(self.session, self.owner_id, item_id)
        if item is None:
            raise NotFoundError("item")
        return item

    async def create(self, data: ItemCreate) -> Item:
        """Store a new item; raise `ConflictError` if it clashes with another."""
        item = Item(**data.model_dump(), owner_id=self.owner_id)
        self.session.add(item)
        await self.commit()
        return item

    async def update(self, item_id: int, data: ItemUpdate) -> Item:
        """Change an item; raise `NotFoundError` or `ConflictError`."""
        item = await self.get(item_id)
        for name, value in data.model_dump(exclude_unset=True).items():
            setattr(item, name, value)
        await self.commit()
        return item

    async def delete(self, item_id: int) -> None:
        """Delete an item; raise `NotFoundError` if the owner has none such."""
        await self.session.delete(await self.get(item_id))
        await self.commit()

    async def commit(self) -> None:
        """Commit; raise `ConflictError` where a constraint forbids it."""
        try:
            await self.session.commit()
        except IntegrityError as error:
            await self.session.rollback()
            raise ConflictError("item") from error
