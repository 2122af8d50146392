# Two blocking calls on one line are one place; on two lines of a statement they are two.
import time

import requests
from fastapi import FastAPI

app = FastAPI()
URL = "https://status.example.com"


@app.get("/both")
async def both() -> dict[str, bool]:
    return {"same": requests.get(URL).ok and requests.head(URL).ok}  # expect: RW301


@app.get("/mixed")
async def mixed() -> tuple[None, bool]:
    return (
        time.sleep(1),  # expect: RW303
        requests.get(URL).ok,  # expect: RW301
    )
