# Without any authentication scheme this is the matter of RW602.
from fastapi import FastAPI

app = FastAPI()


@app.post("/items")
async def create_item() -> None: ...
