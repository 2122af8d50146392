# Routes of a FastAPI application that is mounted in another.
import time

from fastapi import FastAPI

admin = FastAPI()


@admin.get("/users")
async def users() -> list[str]:
    time.sleep(0.1)  # expect: RW303
    return []


app = FastAPI()
app.mount("/admin", admin)
