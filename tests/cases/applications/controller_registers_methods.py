# A controller whose __init__ registers its methods as routes.
import time

from fastapi import APIRouter, FastAPI


class Service:
    def slow(self) -> str:
        time.sleep(0.1)
        return "slow"

    def quick(self) -> str:
        return "quick"


class Controller:
    def __init__(self, service: Service) -> None:
        self.service = service
        self.router = APIRouter(prefix="/things")
        self.router.add_api_route("/slow", self.slow, methods=["GET"])
        self.router.add_api_route("/pool", self.pool, methods=["GET"])
        self.router.get("/quick")(self.quick)

    async def slow(self) -> str:
        return self.service.slow()  # expect: RW303

    def pool(self) -> str:
        return self.service.slow()

    async def quick(self) -> str:
        return self.service.quick()

    async def unregistered(self) -> str:
        return self.service.slow()


app = FastAPI()
app.include_router(Controller(Service()).router)
