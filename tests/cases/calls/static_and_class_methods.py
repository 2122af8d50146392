# Static methods and class methods, called on the class and on an instance.
import hashlib
import subprocess

from fastapi import FastAPI

app = FastAPI()


class Git:
    binary = "git"

    @staticmethod
    def digest(text: str) -> str:
        return hashlib.sha256(text.encode()).hexdigest()

    @classmethod
    def head(cls) -> str:
        done = subprocess.run([cls.binary, "rev-parse", "HEAD"], capture_output=True)
        return done.stdout.decode().strip()

    @staticmethod
    def version() -> str:
        return subprocess.check_output(["git", "--version"]).decode()


@app.get("/head")
async def head() -> dict[str, str]:
    return {"head": Git.head(), "etag": Git.digest("x")}  # expect: RW305


@app.get("/version")
async def version() -> str:
    return Git().version()  # expect: RW305
