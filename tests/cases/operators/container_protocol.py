# in, [], []=, del, len() and bool() of a project class.
import time

from fastapi import FastAPI

app = FastAPI()


class RemoteMap:
    def __contains__(self, key: str) -> bool:
        time.sleep(0.1)
        return True

    def __getitem__(self, key: str) -> str:
        time.sleep(0.1)
        return key

    def __setitem__(self, key: str, value: str) -> None:
        time.sleep(0.1)

    def __delitem__(self, key: str) -> None:
        time.sleep(0.1)

    def __len__(self) -> int:
        time.sleep(0.1)
        return 1


class LocalMap:
    def __contains__(self, key: str) -> bool:
        return True

    def __getitem__(self, key: str) -> str:
        return key


remote = RemoteMap()
local = LocalMap()


@app.get("/contains/{key}")
async def contains(key: str) -> bool:
    return key in remote  # expect: RW303


@app.get("/item/{key}")
async def item(key: str) -> str:
    return remote[key]  # expect: RW303


@app.put("/item/{key}")
async def put(key: str, value: str) -> None:
    remote[key] = value  # expect: RW303


@app.delete("/item/{key}")
async def delete(key: str) -> None:
    del remote[key]  # expect: RW303


@app.get("/size")
async def size() -> int:
    return len(remote)  # expect: RW303


@app.get("/local/{key}")
async def from_local(key: str) -> str:
    return local[key] if key in local else ""
