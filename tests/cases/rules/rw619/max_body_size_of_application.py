# FastAPI's own limit on the application
from fastapi import FastAPI, Request

app = FastAPI(max_body_size=1_000_000)


@app.post("/body")
async def body(request: Request) -> int:
    return len(await request.body())
