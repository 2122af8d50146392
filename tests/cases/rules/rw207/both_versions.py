# Old names that are only used where the new ones fail
from fastapi import FastAPI
from pydantic import BaseModel, ConfigDict


class Item(BaseModel):
    model_config = ConfigDict(extra="forbid")
    name: str

    def as_json(self) -> dict[str, object]:
        try:
            return self.model_dump()
        except Exception:
            return self.dict()

    def given(self) -> set[str]:
        try:
            return self.model_fields_set
        except Exception:
            # Pydantic 1
            return self.__fields_set__

    def stored(self) -> dict[str, object]:
        try:
            print(self.name)
        except ValueError:
            return self.dict()  # expect: RW207
        return {}

    def tried(self) -> dict[str, object]:
        try:
            self.model_dump_json()
            return self.dict()  # expect: RW207
        except ValueError:
            return {}


try:
    Item.model_rebuild()
except AttributeError:
    Item.update_forward_refs()


app = FastAPI()


@app.post("/items")
async def create_item(item: Item) -> list[str]:
    return [str(item.as_json()), str(item.given()), str(item.stored())]
