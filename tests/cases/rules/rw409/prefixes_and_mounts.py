# A version in a root path, a mount or a setting; and routers without any
# file: rooted.py
from fastapi import FastAPI

app = FastAPI(root_path="/api/v1")


@app.get("/pens")
async def read_pens() -> int:
    return 0
# file: mounted.py
from fastapi import FastAPI

app = FastAPI()
inner = FastAPI()


@inner.get("/pens")
async def read_pens() -> int:
    return 0


app.mount("/v1", inner)
# file: unknown.py
import os

from fastapi import APIRouter, FastAPI

app = FastAPI()
router = APIRouter()


@router.get("/pens")
async def read_pens() -> int:
    return 0


app.include_router(router, prefix=os.environ["PREFIX"])
# file: bare.py
from fastapi import APIRouter, FastAPI

app = FastAPI(  # expect: RW409
    title="pens",
)
router = APIRouter(prefix="/api/pens")
versioned = APIRouter(prefix="/api/v1/inks")


@router.get("")
async def read_pens() -> int:
    return 0


@versioned.get("")
async def read_inks() -> int:
    return 0


app.include_router(router)
app.include_router(versioned)
