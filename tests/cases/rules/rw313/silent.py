# Notifications in the background, in a try that answers, that are the request's purpose
import httpx
from fastapi import BackgroundTasks, FastAPI, HTTPException

app = FastAPI()
client = httpx.AsyncClient()


async def save(name: str) -> None: ...


async def notify(name: str) -> None:
    await client.post("https://hooks.example/new-user", json={"name": name})


async def charge(name: str) -> None:
    await client.post("https://bank.example/charges", json={"name": name})


@app.post("/1")
async def background(name: str, tasks: BackgroundTasks) -> None:
    await save(name)
    tasks.add_task(notify, name)


@app.post("/2")
async def answered(name: str) -> None:
    await save(name)
    try:
        await notify(name)
    except httpx.HTTPError:
        raise HTTPException(502)


@app.post("/notifications")
async def notifications(name: str) -> None:
    await save(name)
    await notify(name)


@app.post("/3")
async def only(name: str) -> None:
    await notify(name)


@app.post("/4")
async def needed(name: str) -> None:
    await save(name)
    await charge(name)


@app.post("/5")
async def not_last(name: str) -> None:
    await notify(name)
    await save(name)


@app.post("/6")
async def used(name: str) -> int:
    await save(name)
    answer = await client.post("https://hooks.example/new-user")
    return answer.status_code
