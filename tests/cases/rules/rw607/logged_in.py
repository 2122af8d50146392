# Routes behind a login are not for guessing.
from typing import Annotated

from fastapi import Depends, FastAPI
from fastapi.security import OAuth2PasswordBearer

app = FastAPI()
scheme = OAuth2PasswordBearer(tokenUrl="token")


@app.post("/login/test-token")
async def test_token(token: Annotated[str, Depends(scheme)]) -> None: ...
