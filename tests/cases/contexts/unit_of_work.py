# A unit of work hands out repositories that `with` sets; a service bus dispatches commands by class.
# file: app/__init__.py
# file: app/uow.py
from __future__ import annotations

import abc

from sqlalchemy import create_engine
from sqlalchemy.orm import Session, sessionmaker

DEFAULT_FACTORY = sessionmaker(bind=create_engine("postgresql://localhost/shop"))


class AbstractRepository(abc.ABC):
    def __init__(self) -> None:
        self.seen = set()

    def add(self, product) -> None:
        self._add(product)
        self.seen.add(product)

    def get(self, sku):
        product = self._get(sku)
        if product:
            self.seen.add(product)
        return product

    @abc.abstractmethod
    def _add(self, product): ...

    @abc.abstractmethod
    def _get(self, sku): ...


class SqlRepository(AbstractRepository):
    def __init__(self, session) -> None:
        super().__init__()
        self.session = session

    def _add(self, product):
        self.session.add(product)

    def _get(self, sku):
        return self.session.query(Product).filter_by(sku=sku).first()


class Product:
    def __init__(self, sku: str) -> None:
        self.sku = sku
        self.events = []

    def allocate(self, line):
        self.events.append(line)
        return line


class AbstractUnitOfWork(abc.ABC):
    products: AbstractRepository

    def __enter__(self) -> AbstractUnitOfWork:
        return self

    def __exit__(self, *args):
        self.rollback()

    def commit(self):
        self._commit()

    @abc.abstractmethod
    def _commit(self): ...

    @abc.abstractmethod
    def rollback(self): ...


class SqlUnitOfWork(AbstractUnitOfWork):
    def __init__(self, factory=DEFAULT_FACTORY) -> None:
        self.factory = factory

    def __enter__(self):
        self.session = self.factory()
        self.products = SqlRepository(self.session)
        return super().__enter__()

    def __exit__(self, *args):
        super().__exit__(*args)
        self.session.close()

    def _commit(self):
        self.session.commit()

    def rollback(self):
        self.session.rollback()
# file: app/bus.py
from __future__ import annotations

from dataclasses import dataclass
from typing import Callable, Type

import smtplib

from app import uow as unit


class Message: ...


@dataclass
class Allocate(Message):
    sku: str


@dataclass
class Allocated(Message):
    sku: str


@dataclass
class Ping(Message):
    pass


def allocate(cmd: Allocate, uow: unit.AbstractUnitOfWork):
    with uow:
        product = uow.products.get(cmd.sku)
        product.allocate(cmd.sku)
        uow.commit()


def mail(event: Allocated, send: Callable):
    send(event.sku)


def ping(cmd: Ping):
    return "pong"


class MessageBus:
    def __init__(self, uow, event_handlers, command_handlers) -> None:
        self.uow = uow
        self.event_handlers = event_handlers
        self.command_handlers = command_handlers

    def handle(self, message: Message):
        self.queue = [message]
        while self.queue:
            message = self.queue.pop(0)
            if isinstance(message, Allocated):
                for handler in self.event_handlers[type(message)]:
                    handler(message)
            else:
                self.command_handlers[type(message)](message)


def inject(handler, deps):
    import inspect

    params = inspect.signature(handler).parameters
    found = {name: dep for name, dep in deps.items() if name in params}
    return lambda message: handler(message, **found)


def send_mail(text):
    with smtplib.SMTP("localhost") as server:
        server.sendmail("a@b", "c@d", text)


def bootstrap(uow=None, send=send_mail) -> MessageBus:
    if uow is None:
        uow = unit.SqlUnitOfWork()
    deps = {"uow": uow, "send": send}
    events = {kind: [inject(h, deps) for h in handlers] for kind, handlers in EVENT.items()}
    commands = {kind: inject(h, deps) for kind, h in COMMAND.items()}
    return MessageBus(uow, events, commands)


EVENT = {Allocated: [mail]}
COMMAND = {Allocate: allocate, Ping: ping}
# file: app/main.py
from app import bus as service_bus
from app.uow import SqlUnitOfWork
from fastapi import FastAPI

app = FastAPI()
bus = service_bus.bootstrap()


@app.post("/allocate")
async def allocate(sku: str):
    bus.handle(service_bus.Allocate(sku))  # expect: RW302


@app.get("/products/{sku}")
async def read(sku: str):
    with SqlUnitOfWork() as uow:
        return uow.products.get(sku).sku  # expect: RW302
