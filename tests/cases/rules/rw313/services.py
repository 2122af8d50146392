# Mails, webhooks, audits and notifications as the last steps of handlers
# file: app/__init__.py
# file: app/notices.py
import asyncio
import smtplib
from email.message import EmailMessage
from typing import Any

import aiohttp
import aiosmtplib
import httpx
from fastapi_mail import ConnectionConfig, FastMail, MessageSchema


class EmailService:
    async def send_welcome(self, to: str) -> None:
        message = EmailMessage()
        message["To"] = to
        await aiosmtplib.send(message, hostname="mail")


class Webhooks:
    def __init__(self, client: httpx.AsyncClient) -> None:
        self.client = client

    async def notify(self, event: str) -> None:
        await self.client.post("https://hooks.example.com/orders", json={"event": event})


async def track_event(name: str, **data: Any) -> None:
    async with aiohttp.ClientSession() as session:
        async with session.post("https://analytics.example.com/track", json={"name": name, **data}):
            pass


async def send_receipt(to: str) -> None:
    mail = FastMail(ConnectionConfig())
    await mail.send_message(MessageSchema(subject="Receipt", recipients=[to], body="", subtype="plain"))


def _send(to: str) -> None:
    with smtplib.SMTP("mail") as smtp:
        smtp.sendmail("shop", to, "hello")


async def send_email(to: str) -> None:
    await asyncio.to_thread(_send, to)


async def charge(order: int) -> None:
    async with httpx.AsyncClient() as client:
        answer = await client.post("https://pay.example.com/charge", json={"order": order})
        answer.raise_for_status()
# file: app/main.py
from collections.abc import AsyncIterator
from typing import Annotated

import httpx
from fastapi import APIRouter, BackgroundTasks, Depends, FastAPI, HTTPException, Request
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine

from app import notices
from app.notices import EmailService, Webhooks, send_email, track_event

make_session = async_sessionmaker(create_async_engine("postgresql+asyncpg://db/shop"))
router = APIRouter()


async def get_db() -> AsyncIterator[AsyncSession]:
    async with make_session() as session:
        yield session


def get_webhooks(request: Request) -> Webhooks:
    client: httpx.AsyncClient = request.app.state.client
    return Webhooks(client)


Db = Annotated[AsyncSession, Depends(get_db)]
Hooks = Annotated[Webhooks, Depends(get_webhooks)]


@router.post("/users")
async def create_user(email: str, db: Db, mails: Annotated[EmailService, Depends()]) -> str:
    await db.execute(text("INSERT"))
    await db.commit()
    await mails.send_welcome(email)  # expect: RW313
    return email


@router.post("/orders")
async def create_order(name: str, db: Db, hooks: Hooks) -> str:
    await db.execute(text("INSERT"))
    await hooks.notify("order.created")  # expect: RW313
    await track_event("order", name=name)  # expect: RW313
    return name


@router.post("/payments")
async def pay(order: int, db: Db) -> int:
    await notices.charge(order)
    await db.commit()
    await notices.send_receipt("x")  # expect: RW313
    return order


@router.delete("/items/{key}", status_code=204)
async def delete_item(key: int, db: Db) -> None:
    await db.execute(text("DELETE"))
    await db.commit()
    await send_email("shop@example.com")  # expect: RW313


@router.post("/charges")
async def charge(order: int, db: Db) -> int:
    await db.execute(text("UPDATE"))
    await notices.charge(order)
    return order


@router.post("/later")
async def later(email: str, db: Db, tasks: BackgroundTasks) -> str:
    await db.commit()
    tasks.add_task(send_email, email)
    return email


@router.post("/checked")
async def checked(email: str, db: Db) -> str:
    await db.commit()
    try:
        await send_email(email)
    except OSError as error:
        raise HTTPException(502) from error
    return email


@router.post("/send-email")
async def send(email: str, db: Db) -> str:
    await db.commit()
    await send_email(email)
    return email


app = FastAPI()
app.include_router(router)
