# Routes that only ask, though by POST, and those that do more than they say
# file: main.py
from typing import Annotated

from fastapi import Depends, FastAPI
from fastapi.security import OAuth2PasswordBearer
from pydantic import BaseModel

from shop import shop

app = FastAPI()
scheme = OAuth2PasswordBearer(tokenUrl="token")


class Order(BaseModel):
    item: str
    count: int = 1


@app.get("/me")
async def me(token: Annotated[str, Depends(scheme)]) -> str:
    return token


@app.post("/orders/quote")
async def get_quote(order: Order) -> int:
    return shop.price(order.item) * order.count


@app.post("/items/search")
async def search(order: Order) -> list[str]:
    return shop.find(order.item)


@app.post("/items/check")  # expect: RW601 advice
async def check_item(order: Order) -> bool:
    return shop.reserve(order.item)


@app.post("/orders")  # expect: RW601
async def place(order: Order) -> int:
    return shop.price(order.item)


@app.post("/items/lookup")  # expect: RW601
async def create_lookup(order: Order) -> list[str]:
    return shop.find(order.item)


# file: shop.py
class Shop:
    items: dict[str, int] = {}

    def price(self, item: str) -> int:
        return self.items.get(item, 0)

    def find(self, item: str) -> list[str]:
        return [each for each in self.items if each.startswith(item)]

    def reserve(self, item: str) -> bool:
        self.save(item)
        return True

    def save(self, item: str) -> None:
        self.items[item] = 1


shop = Shop()
