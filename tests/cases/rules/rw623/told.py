# An address that is only told to somebody decides nothing; one that is compared does
from fastapi import FastAPI, HTTPException, Request

app = FastAPI()
KNOWN = {"10.0.0.1"}


class Auth:
    def __init__(self) -> None:
        self.seen: list[str] = []

    def login(self, name: str, ip: str) -> dict[str, int]:
        self.seen.append(ip)
        return {"status": 200 if name else 401}


@app.post("/login")
async def login(request: Request, name: str) -> str:
    auth = Auth()
    address = request.headers.get("X-Forwarded-For") or "unknown"
    result = auth.login(name, ip=address)
    if result["status"] != 200:
        raise HTTPException(401)
    return name


@app.post("/inside")
async def inside(request: Request, name: str) -> str:
    address = request.headers.get("X-Forwarded-For", "")  # expect: RW623
    first = address.split(",")[0]
    if first not in KNOWN:
        raise HTTPException(403)
    return name
