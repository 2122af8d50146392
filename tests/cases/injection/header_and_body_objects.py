# Objects that FastAPI builds (request, response, forms) do not block when they are used.
from typing import Annotated

from fastapi import FastAPI, Form, Request, Response, UploadFile
from fastapi.responses import FileResponse, JSONResponse, RedirectResponse
from pydantic import BaseModel

app = FastAPI()


class Credentials(BaseModel):
    user: str
    password: str


@app.post("/login")
async def login(form: Annotated[Credentials, Form()], response: Response) -> str:
    response.set_cookie("user", form.user)
    return form.model_dump_json(exclude={"password"})


@app.post("/echo")
async def echo(request: Request) -> JSONResponse:
    body = await request.json()
    return JSONResponse({"body": body, "path": request.url.path})


@app.post("/upload")
async def upload(file: UploadFile) -> dict[str, object]:
    await file.seek(0)
    return {"name": file.filename, "size": len(await file.read())}


@app.get("/download")
async def download() -> FileResponse:
    return FileResponse("report.pdf")


@app.get("/old")
async def old() -> RedirectResponse:
    return RedirectResponse("/new")
