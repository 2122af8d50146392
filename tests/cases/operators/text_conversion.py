# str(), f-strings and format call __str__ and __format__; repr() calls __repr__.
import time

from fastapi import FastAPI

app = FastAPI()


class Host:
    def __str__(self) -> str:
        time.sleep(0.1)
        return "host"

    def __repr__(self) -> str:
        return "Host()"


host = Host()


@app.get("/str")
async def as_str() -> str:
    return str(host)  # expect: RW303


@app.get("/f-string")
async def as_f_string() -> str:
    return f"on {host}"  # expect: RW303


@app.get("/repr")
async def as_repr() -> str:
    return repr(host) + f"{host!r}"
