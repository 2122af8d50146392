# A command that is named for development may reload
import click
import uvicorn
from fastapi import FastAPI

app = FastAPI()


@app.get("/")
async def home() -> str:
    return ""


@click.group()
def server() -> None: ...


@server.command("develop")
def run_here() -> None:
    uvicorn.run("main:app", reload=True)


@server.command("start")
def run() -> None:
    uvicorn.run("main:app", reload=True)  # expect: RW616
