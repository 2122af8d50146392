# By decorator, by call or at construction.
# file: app/one.py
from fastapi import FastAPI

app = FastAPI()


async def answer(request, error): ...


app.add_exception_handler(ValueError, answer)


@app.post("/a")
async def a() -> None: ...
# file: app/two.py
from fastapi import FastAPI

from app.one import answer

app = FastAPI(exception_handlers={ValueError: answer})


@app.post("/a")
async def a() -> None: ...
