# Awaited helpers run on the loop too: the finding stands in the innermost of them.
import requests
from fastapi import FastAPI

app = FastAPI()


def post(event: str) -> None:
    requests.post("https://events.example.com", json={"event": event}, timeout=2)


async def emit(event: str) -> None:
    post(event)  # expect: RW301


async def audit(event: str) -> None:
    await emit(event)


@app.delete("/items/{item_id}", status_code=204)
async def delete_item(item_id: int) -> None:
    await audit(f"deleted {item_id}")
