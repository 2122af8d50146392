# Registries of the project's own: nested containers, weak references, decorators that file functions away.
# file: app/__init__.py
# file: app/bus.py
import weakref
from collections import OrderedDict, defaultdict, deque
from dataclasses import dataclass, field
from typing import Any, Callable

Handler = Callable[[Any], Any]


class Bus:
    def __init__(self) -> None:
        self._handlers: dict[str, list[Handler]] = defaultdict(list)
        self._once = defaultdict(OrderedDict)
        self._weak = weakref.WeakSet()
        self._refs = []

    def on(self, name: str):
        def register(function: Handler) -> Handler:
            self._handlers[name].append(function)
            return function

        return register

    def emit(self, name: str, data: Any) -> None:
        for handler in self._handlers[name]:
            handler(data)

    def once(self, name, function):
        self._once[name][id(function)] = function

    def fire(self, name, data):
        for handler in list(self._once[name].values()):
            handler(data)

    def connect(self, function):
        self._refs.append(weakref.ref(function))

    def send(self, data):
        for ref in self._refs:
            function = ref()
            if function is not None:
                function(data)


@dataclass
class Registry:
    by_kind: dict[str, dict[str, Handler]] = field(default_factory=dict)

    def add(self, kind: str, name: str, function: Handler) -> None:
        self.by_kind.setdefault(kind, {})[name] = function

    def run(self, kind: str, name: str, data: Any) -> Any:
        return self.by_kind[kind][name](data)


class Plugins:
    _plugins: dict[str, type] = {}

    def __init_subclass__(cls, key: str = "", **kwargs):
        super().__init_subclass__(**kwargs)
        Plugins._plugins[key] = cls

    @classmethod
    def make(cls, key):
        return cls._plugins[key]()


class Hooks:
    def __init__(self):
        self.queue = deque()

    def later(self, function, *args, **kwargs):
        self.queue.append((function, args, kwargs))

    def flush(self):
        while self.queue:
            function, args, kwargs = self.queue.popleft()
            function(*args, **kwargs)


bus = Bus()
registry = Registry()
COMMANDS = {}


def command(function=None, *, name=None):
    def wrap(f):
        COMMANDS[name or f.__name__] = f
        return f

    return wrap(function) if function else wrap
# file: app/handlers.py
import time

import requests
from app.bus import Plugins, bus, command, registry


@bus.on("created")
def created(data):
    requests.post("http://x", json=data, timeout=1)


def once(data):
    time.sleep(1)


def weak(data):
    open("x").read()


bus.once("first", once)
bus.connect(weak)
registry.add("mail", "send", created)


class Csv(Plugins, key="csv"):
    def export(self):
        return open("a.csv").read()


@command
def sync(argument):
    return requests.get(argument, timeout=1)


@command(name="nap")
def sleep(argument):
    time.sleep(1)
# file: app/main.py
import app.handlers  # noqa: F401
from app.bus import COMMANDS, Hooks, Plugins, bus, registry
from app.handlers import once
from fastapi import FastAPI

api = FastAPI()


@api.post("/a")
async def a(data: dict):
    bus.emit("created", data)  # expect: RW301


@api.post("/b")
async def b(data: dict):
    bus.fire("first", data)  # expect: RW303


@api.post("/c")
async def c(data: dict):
    bus.send(data)  # expect: RW304


@api.post("/d")
async def d(data: dict):
    return registry.run("mail", "send", data)  # expect: RW301


@api.get("/e")
async def e(key: str):
    return Plugins.make(key).export()  # expect: RW304


@api.get("/f")
async def f(name: str):
    return COMMANDS[name]("x")  # expect: RW301


@api.get("/g")
async def g():
    hooks = Hooks()
    hooks.later(once, {})
    hooks.flush()  # expect: RW303
