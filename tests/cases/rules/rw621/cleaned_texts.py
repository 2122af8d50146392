# What leads out of a folder is taken out of the text, in whole or in part
import re

from fastapi import FastAPI

app = FastAPI()


@app.get("/dots")
def dots(extension: str) -> str:
    extension = extension.replace(".", "")
    with open(f"/srv/original.{extension}") as file:
        return file.read()


@app.get("/slashes")
def slashes(name: str) -> str:
    with open("/srv/" + name.replace("/", "_")) as file:
        return file.read()


@app.get("/pattern")
def pattern(name: str) -> str:
    with open(f"/srv/{re.sub(r'[^A-Za-z0-9]+', '-', name)}.txt") as file:
        return file.read()


@app.get("/once")
def once(name: str) -> str:
    name = name.replace("../", "")
    with open(f"/srv/{name}") as file:  # expect: RW621
        return file.read()


@app.get("/spaces")
def spaces(name: str) -> str:
    name = name.replace(" ", "-")
    with open(f"/srv/{name}") as file:  # expect: RW621
        return file.read()
