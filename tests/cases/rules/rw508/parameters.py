# Defaults that are dependencies, in handlers and in dependencies; other defaults are not
from typing import Annotated

from fastapi import APIRouter, Depends, FastAPI, Query, Security
from fastapi import Depends as Inject
from fastapi.security import OAuth2PasswordBearer

scheme = OAuth2PasswordBearer("/login")
app = FastAPI()
router = APIRouter()


async def get_limit(
    token: str = Depends(scheme),  # expect: RW508
) -> int:
    return len(token)


class Page:
    def __init__(
        self,
        size: int = 10,
        limit: int = Depends(get_limit),  # expect: RW508
    ) -> None:
        self.size = min(size, limit)


Limit = Annotated[int, Depends(get_limit)]


@router.get("/pens")
async def read_pens(
    limit: Limit,
    user: Annotated[str, Security(scheme, scopes=["read"])],
    page: Page = Depends(),  # expect: RW508
    other: int = Inject(get_limit),  # expect: RW508
    safe: str = Security(scheme),  # expect: RW508
    plain=Depends(get_limit),  # expect: RW508
    word: str = Query(""),
    number: int = 3,
) -> int:
    return limit


async def unused(limit: int = Depends(get_limit)) -> int:
    return limit


app.include_router(router)
