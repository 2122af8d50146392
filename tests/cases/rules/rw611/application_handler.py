# An exception handler of the application for the errors of the client.
import httpx
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

app = FastAPI()
client = httpx.AsyncClient()


async def unavailable(request: Request, error: Exception) -> JSONResponse:
    return JSONResponse({"detail": "later"}, status_code=502)


app.add_exception_handler(httpx.HTTPError, unavailable)


@app.get("/rates")
async def rates() -> str:
    return (await client.get("https://api.example.com/")).text
