# An application that serves its own front end needs no CORS.
from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles

app = FastAPI()


@app.get("/items")
async def read_items() -> None: ...


app.mount("/", StaticFiles(directory="web", html=True))
