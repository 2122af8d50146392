# A header that is named for a credential and checked is a scheme, whatever the answer.
from typing import Annotated

from fastapi import FastAPI, Header, HTTPException

app = FastAPI()


@app.post("/items")
async def create_item(x_token: Annotated[str, Header()]) -> None:
    if x_token != "k":
        raise HTTPException(status_code=400)
