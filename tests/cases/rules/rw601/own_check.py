# A dependency of its own that answers 401 is security.
from typing import Annotated

from fastapi import Depends, FastAPI, Header, HTTPException, status


async def require_key(x_key: Annotated[str, Header()]) -> None:
    if x_key not in {"a", "b"}:
        raise HTTPException(status_code=status.HTTP_401_UNAUTHORIZED)


async def page(number: int = 1) -> int:
    return number


app = FastAPI()


@app.post("/keyed", dependencies=[Depends(require_key)])
async def keyed() -> None: ...


@app.put("/paged")  # expect: RW601
async def paged(number: Annotated[int, Depends(page)]) -> None: ...
