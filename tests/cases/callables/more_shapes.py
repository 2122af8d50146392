# Shapes: handler methods kept in tables, functools tricks, generators, callables in dataclasses, mixins.
# file: app/__init__.py
# file: app/shapes.py
import abc
import functools
import operator
import time
from dataclasses import dataclass, field
from enum import Enum
from types import SimpleNamespace
from typing import Callable, NamedTuple, TypedDict

import requests


def ping(url: str = "x"):
    return requests.get(url, timeout=1).status_code


def nothing(url: str = "x"):
    return 0


class Probe(Enum):
    HTTP = functools.partial(ping, "http://x")
    NONE = functools.partial(nothing)

    def __call__(self):
        return self.value()


@dataclass
class Check:
    name: str
    run: Callable[[], int] = nothing
    extra: list = field(default_factory=list)


class Step(NamedTuple):
    name: str
    call: Callable


class Tools(TypedDict):
    probe: Callable


STEPS = [Step("a", nothing), Step("b", ping)]
TOOLS: Tools = {"probe": ping}
NS = SimpleNamespace(probe=ping, quiet=nothing)


class Machine:
    def __init__(self):
        self.states = {"up": self._up, "down": self._down}
        self.current = self._idle

    def _idle(self):
        return "idle"

    def _up(self):
        return ping()

    def _down(self):
        time.sleep(1)

    def go(self, state):
        self.current = self.states[state]
        return self.current()

    def later(self):
        return getattr(self, "_idle")()


class Counter:
    def __init__(self, start):
        self.start = start

    def __iter__(self):
        self.n = self.start
        return self

    def __next__(self):
        self.n -= 1
        if self.n < 0:
            raise StopIteration
        ping()
        return self.n

    def __contains__(self, item):
        return ping() == item

    def __getitem__(self, key):
        return ping(key)

    def __len__(self):
        return ping()

    def __enter__(self):
        ping()
        return self

    def __exit__(self, *exc):
        return None

    def __format__(self, spec):
        return str(ping())

    def __del__(self):
        return None


class Lazy:
    def __init__(self, function):
        self.function = function
        self.name = ""

    def __set_name__(self, owner, name):
        self.name = name

    def __get__(self, instance, owner=None):
        value = self.function(instance)
        instance.__dict__[self.name] = value
        return value


class Thing:
    @Lazy
    def remote(self):
        return ping()

    @Lazy
    def local(self):
        return 1


def pipeline(*functions):
    return functools.reduce(lambda f, g: lambda x: g(f(x)), functions)


def retrying(times=3, delay=0):
    def decorate(function):
        @functools.wraps(function)
        def inner(*args, **kwargs):
            for attempt in range(times):
                try:
                    return function(*args, **kwargs)
                except ValueError:
                    time.sleep(delay)
            return None

        return inner

    return decorate


@retrying(times=2, delay=2)
def compute(x):
    return x


@retrying()
def compute_fast(x):
    return x


class Base(abc.ABC):
    def run(self):
        self.before()
        try:
            return self.work()
        finally:
            self.after()

    def before(self):
        pass

    def after(self):
        pass

    @abc.abstractmethod
    def work(self): ...


class AuditMixin:
    def after(self):
        with open("audit.log", "a") as log:
            log.write("x")
        super().after()


class Quiet(Base):
    def work(self):
        return 1


class Loud(AuditMixin, Quiet):
    pass


def outer():
    state = {"fn": None}

    def set_fn(fn):
        nonlocal state
        state["fn"] = fn

    def call():
        return state["fn"]()

    set_fn(ping)
    return call


call_it = outer()
first = operator.itemgetter(0)
# file: app/main.py
from app.shapes import *
from fastapi import FastAPI

api = FastAPI()
machine = Machine()


@api.get("/a")
async def a():
    Probe.HTTP()  # expect: RW301
    check = Check("x", ping)
    check.run()  # expect: RW301
    Check("y").run()
    return [step.call() for step in STEPS]  # expect: RW301


@api.get("/b")
async def b():
    TOOLS["probe"]()  # expect: RW301
    NS.probe()  # expect: RW301
    NS.quiet()


@api.get("/c")
async def c(state: str):
    machine.go("up")  # expect: RW301
    return machine.later()


@api.get("/d")
async def d():
    list(Counter(3))  # expect: RW301
    if 3 in Counter(1):  # expect: RW301
        return len(Counter(1))  # expect: RW301
    with Counter(1) as counter:  # expect: RW301
        counter["x"]  # expect: RW301
    for _ in reversed([1]):
        pass
    name = f"{Counter(1)}"  # expect: RW301
    x, *rest = Counter(2)  # expect: RW301
    return name, x


@api.get("/e")
async def e():
    thing = Thing()
    thing.local
    return thing.remote  # expect: RW301


@api.get("/f")
async def f():
    pipeline(str, ping)("x")  # expect: RW301
    compute_fast(1)
    return compute(1)  # expect: RW303


@api.get("/g")
async def g():
    Quiet().run()
    Loud().run()  # expect: RW304
    return call_it()  # expect: RW301
