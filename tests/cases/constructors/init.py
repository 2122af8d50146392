# __init__ runs where the object is made.
import time

from fastapi import FastAPI

app = FastAPI()


class Connection:
    def __init__(self, host: str) -> None:
        self.host = host
        self._handshake()

    def _handshake(self) -> None:
        time.sleep(0.2)


class Address:
    def __init__(self, host: str) -> None:
        self.host = host


@app.get("/connect")
async def connect(host: str) -> str:
    address = Address(host)
    connection = Connection(address.host)  # expect: RW303
    return connection.host
