# A key that handlers check themselves is a scheme.
from typing import Annotated

from fastapi import FastAPI, Header, HTTPException

app = FastAPI()


@app.post("/items")
async def create_item(x_key: Annotated[str, Header()]) -> None:
    if x_key != "k":
        raise HTTPException(403)
