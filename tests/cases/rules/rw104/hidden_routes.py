# A route outside of the schema, routes that are added by a call, and several decorators
from fastapi import APIRouter, FastAPI

app = FastAPI()
router = APIRouter()


@app.get("/internal", include_in_schema=False)  # expect: RW104
def internal() -> str:
    return "x"


@router.get("/one")  # expect: RW104
@router.get("/two")  # expect: RW104
def twice() -> str:
    return "x"


def added() -> str:
    return "x"


async def added_async() -> str:
    return "x"


router.add_api_route("/added", added)  # expect: RW104
router.add_api_route("/added-async", added_async)
app.include_router(router, prefix="/v1")
app.include_router(router, prefix="/v2")
