# A default that everybody knows is refused, not guarded
from typing import Annotated

from fastapi import FastAPI, Form, HTTPException
from pydantic import SecretStr

LEGACY_DEFAULT_PASSWORD = SecretStr("admin")
app = FastAPI()


@app.post("/login")
async def login(password: Annotated[str, Form()]) -> str:
    if password == LEGACY_DEFAULT_PASSWORD.get_secret_value():
        raise HTTPException(400, "The default password is switched off")
    return "in"
