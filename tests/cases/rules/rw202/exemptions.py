# A JSON route needs a schema; what has no JSON body, or is not in the schema, does not
from typing import Any

from fastapi import APIRouter, FastAPI, Response, WebSocket, status
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse
from pydantic import BaseModel

app = FastAPI()


class Item(BaseModel):
    name: str


@app.get("/nothing")  # expect: RW202
async def without_anything():
    return {"a": 1}


@app.get("/any")  # expect: RW202
async def with_any() -> Any:
    return {"a": 1}


@app.get("/dict")  # expect: RW202
async def with_dict() -> dict[str, Any]:
    return {"a": 1}


@app.get("/list")  # expect: RW202
async def with_list() -> list[dict]:
    return [{"a": 1}]


@app.get("/annotated")
async def with_annotation() -> list[Item]:
    return []


@app.get("/counts")
async def with_counts() -> dict[str, int]:
    return {"a": 1}


@app.get("/model", response_model=Item)
async def with_model():
    return {"name": "a"}


@app.get("/decided", response_model=None)
async def decided():
    return {"name": "a"}


@app.delete("/gone", status_code=204)
async def gone():
    return None


@app.delete("/gone-too", status_code=status.HTTP_204_NO_CONTENT)
async def gone_too():
    return None


@app.get("/redirect")
async def redirect():
    return RedirectResponse("/")


def made_elsewhere(name: str):
    return JSONResponse({"name": name})


@app.get("/helper")
async def helper():
    return made_elsewhere("a")


@app.get("/page", response_class=HTMLResponse)
async def page():
    return "<p>hello</p>"


@app.get("/response")
async def response() -> Response:
    return Response("hello")


@app.get("/hidden", include_in_schema=False)
async def hidden():
    return {"a": 1}


@app.websocket("/socket")
async def socket(websocket: WebSocket):
    await websocket.accept()


hidden_router = APIRouter(include_in_schema=False)


@hidden_router.get("/below-hidden")
async def below_hidden():
    return {"a": 1}


pages = APIRouter(default_response_class=HTMLResponse)


@pages.get("/below-pages")
async def below_pages():
    return "<p>hello</p>"


inner = APIRouter()


@inner.get("/below-inclusion")
async def below_inclusion():
    return {"a": 1}


seen = APIRouter(prefix="/seen")


@seen.get("/below")  # expect: RW202
async def below_seen():
    return {"a": 1}


app.include_router(hidden_router)
app.include_router(pages)
app.include_router(inner, include_in_schema=False)
app.include_router(seen)
