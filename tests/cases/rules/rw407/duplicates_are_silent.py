# A route that is declared twice is a duplicate (RW408), also where it is shadowed
from fastapi import APIRouter, FastAPI


class Items:
    def __init__(self) -> None:
        self.router = APIRouter(prefix="/items")
        self.router.add_api_route("/{item_id}", self.read_item, methods=["GET"])
        self.router.add_api_route("/all", self.count, methods=["GET"])  # expect: RW407
        self.router.add_api_route("/all", self.read_all, methods=["GET"])

    async def read_item(self, item_id: str) -> str:
        return item_id

    async def count(self) -> int:
        return 1

    async def read_all(self) -> int:
        return 2


app = FastAPI()
app.include_router(Items().router)
