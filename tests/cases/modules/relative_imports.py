# The chain crosses modules by relative imports.
# file: app/__init__.py
# file: app/main.py
from fastapi import FastAPI

from .api import users

app = FastAPI()
app.include_router(users.router)
# file: app/api/__init__.py
# file: app/api/users.py
from fastapi import APIRouter

from ..services import directory
from ..services.directory import display_name

router = APIRouter(prefix="/users")


@router.get("/{name}")
async def read_user(name: str) -> dict[str, str]:
    return {
        "name": display_name(name),
        "mail": directory.mail_of(name),  # expect: RW308
    }
# file: app/services/__init__.py
# file: app/services/directory.py
from ..core.net import resolve


def mail_of(name: str) -> str:
    return f"{name}@{resolve('mail.example.com')}"


def display_name(name: str) -> str:
    return name.capitalize()
# file: app/core/__init__.py
# file: app/core/net.py
import socket


def resolve(host: str) -> str:
    return socket.gethostbyname(host)
