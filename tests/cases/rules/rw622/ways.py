# A URL of the client; a stored one, a checked one and an own path are silent.
from urllib.parse import urlparse

from fastapi import FastAPI, HTTPException, Request
from fastapi.responses import RedirectResponse

app = FastAPI()
LINKS: dict[str, str] = {}


@app.get("/a")
async def a(request: Request) -> RedirectResponse:
    return RedirectResponse(  # expect: RW622
        url=request.query_params["next"], status_code=303
    )


@app.get("/b/{code}")
async def b(code: str) -> RedirectResponse:
    return RedirectResponse(LINKS[code])


@app.get("/c")
async def c(next: str) -> RedirectResponse:
    if urlparse(next).netloc not in {"", "shop.example.com"}:
        raise HTTPException(400)
    return RedirectResponse(next)


@app.get("/d/{name}")
async def d(name: str) -> RedirectResponse:
    return RedirectResponse(f"/users/{name}")


@app.get("/e")
async def e(next: str = "/") -> RedirectResponse:
    if not next.startswith("/"):
        raise HTTPException(400)
    return RedirectResponse(next)


def problem_with(target: str) -> str | None:
    return None if target in LINKS else "This is no link of ours"


@app.get("/f")
async def f(target: str) -> RedirectResponse:
    problem = problem_with(target)
    if problem is not None:
        raise HTTPException(400, problem)
    return RedirectResponse(target)
