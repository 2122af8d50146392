# Security at the router, the include, the decorator or the application counts.
from typing import Annotated

from fastapi import APIRouter, Depends, FastAPI, Header, HTTPException, Request
from fastapi.security import OAuth2PasswordBearer

oauth2_scheme = OAuth2PasswordBearer(tokenUrl="token")


async def get_current_user(token: Annotated[str, Depends(oauth2_scheme)]) -> str:
    return token


app = FastAPI()
guarded = APIRouter(dependencies=[Depends(get_current_user)])
included = APIRouter()
bare = APIRouter()


@guarded.post("/guarded")
async def at_router() -> None: ...


@included.post("/included")
async def at_include() -> None: ...


@bare.post("/bare")  # expect: RW601
async def nowhere() -> None: ...


@app.delete("/decorated", dependencies=[Depends(get_current_user)])
async def at_decorator() -> None: ...


@app.get("/bare")
async def reads() -> None: ...


app.include_router(guarded)
app.include_router(included, dependencies=[Depends(get_current_user)])
app.include_router(bare)
