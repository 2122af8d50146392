# An optional user counts only where the handler checks it.
from typing import Annotated

from fastapi import Depends, FastAPI, HTTPException
from fastapi.security import OAuth2PasswordBearer

oauth2_scheme = OAuth2PasswordBearer(tokenUrl="token", auto_error=False)


async def get_optional_user(
    token: Annotated[str | None, Depends(oauth2_scheme)],
) -> str | None:
    return token


app = FastAPI()
OptionalUser = Annotated[str | None, Depends(get_optional_user)]


@app.post("/checked")
async def checked(user: OptionalUser) -> None:
    if user is None:
        raise HTTPException(401)


@app.post("/ignored")  # expect: RW601
async def ignored(user: OptionalUser) -> None: ...
