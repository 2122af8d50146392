# A literal that marks something is no secret; a header compared with one is.
from typing import Annotated

from fastapi import FastAPI, Header, HTTPException

app = FastAPI()
ACCESS_TOKEN = "urn:ietf:params:oauth:token-type:access_token"
NO_API_KEY = "unattributed"
ADMIN_TOKEN = "9f8e7d6c5b4a"


@app.post("/a")
async def a(requested_token_type: str) -> None:
    if requested_token_type != ACCESS_TOKEN:
        raise HTTPException(400)


@app.get("/b")
async def b(api_key: str) -> str:
    return "" if api_key == NO_API_KEY else api_key


@app.get("/c")
async def c(x_token: Annotated[str, Header()]) -> None:
    if x_token != ADMIN_TOKEN:  # expect: RW618
        raise HTTPException(401)
