# Path operations declared with def: decorated, registered, in classes; and what is none
# file: app/__init__.py
# file: app/more.py
from fastapi import APIRouter
from fastapi_utils.cbv import cbv

router = APIRouter()


@cbv(router)
class View:
    @router.get("/view")  # expect: RW104
    def view(self) -> str:
        return "view"

    @router.get("/async-view")
    async def async_view(self) -> str:
        return "view"


def health() -> str:
    return "up"


async def ready() -> str:
    return "up"


router.add_api_route("/health", health)  # expect: RW104
router.add_api_route("/ready", ready)


def dependency() -> str:
    return "d"
# file: app/main.py
import functools
from collections.abc import Awaitable, Callable

from fastapi import BackgroundTasks, Depends, FastAPI, WebSocket

from app.more import dependency, router

app = FastAPI()
app.include_router(router, prefix="/api")


def logged(function: Callable[..., str]) -> Callable[..., str]:
    @functools.wraps(function)
    def inner(*args: object, **kwargs: object) -> str:
        return function(*args, **kwargs)

    return inner


def work() -> None: ...


@app.get("/a")  # expect: RW104
def a() -> str:
    return "a"


@app.post(  # expect: RW104
    "/b",
    status_code=201,
)
def b(d: str = Depends(dependency)) -> str:
    return d


@app.api_route("/c", methods=["GET", "POST"])  # expect: RW104
@logged
def c() -> str:
    return "c"


@app.get("/d")
async def d(tasks: BackgroundTasks) -> str:
    tasks.add_task(work)
    return "d"


@app.websocket("/ws")
async def ws(websocket: WebSocket) -> None: ...


@app.exception_handler(ValueError)
def value_error(request: object, error: ValueError) -> None: ...
