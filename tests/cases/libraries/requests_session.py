# requests: functions and sessions, inside helpers and direct.
import requests
from fastapi import FastAPI

app = FastAPI()
session = requests.Session()
session.headers.update({"User-Agent": "service"})


@app.get("/functions")
async def functions() -> list[int]:
    return [
        requests.get("https://example.com", timeout=1).status_code,  # expect: RW301
        requests.request("GET", "https://example.com", timeout=1).status_code,  # expect: RW301
    ]


@app.post("/session")
async def with_session() -> int:
    answer = session.post("https://example.com", json={}, timeout=1)  # expect: RW301
    answer.raise_for_status()
    return answer.status_code


@app.post("/own")
async def own_session() -> str:
    with requests.Session() as own:
        own.auth = ("user", "password")
        return own.delete("https://example.com", timeout=1).text  # expect: RW301
