# Schemas whose validators hash, resolve and read, in many forms.
# file: app/__init__.py
# file: app/checks.py
import hashlib
import socket
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import bcrypt
from pydantic import AfterValidator, BeforeValidator, GetCoreSchemaHandler, PlainValidator, WrapValidator
from pydantic_core import core_schema


def resolvable(value: str, *, port: int) -> str:
    socket.getaddrinfo(value, port)  # expect: RW308
    return value


def lower(value: str) -> str:
    return value.lower()


def hashed(value: str) -> str:
    return bcrypt.hashpw(value.encode(), bcrypt.gensalt()).decode()


def template(value: Any, handler):
    return handler(Path(value).read_text())


Host = Annotated[str, AfterValidator(lower), AfterValidator(partial(resolvable, port=443))]
Lower = Annotated[str, AfterValidator(lower)]
Secret = Annotated[str, PlainValidator(hashed)]
Template = Annotated[str, WrapValidator(template)]


class Fingerprint(str):
    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler):
        return core_schema.no_info_after_validator_function(cls.check, handler(str))

    @classmethod
    def check(cls, value: str) -> "Fingerprint":
        return cls(hashlib.pbkdf2_hmac("sha256", value.encode(), b"salt", 600_000).hex())
# file: app/schemas.py
from app.checks import Fingerprint, Host, Lower, Secret, Template
from pydantic import BaseModel, Field, field_validator, model_validator
from pydantic.dataclasses import dataclass as model_dataclass
import dns.resolver


class Target(BaseModel):
    host: Host


class Quiet(BaseModel):
    host: Lower


class Signup(BaseModel):
    email: str
    password: Secret

    @field_validator("email")
    @classmethod
    def deliverable(cls, value: str) -> str:
        dns.resolver.resolve(value.rpartition("@")[2], "MX")
        return value


class Mail(BaseModel):
    body: Template
    to: list[Target] = Field(default_factory=list)


class Wrapped(BaseModel):
    data: dict[str, "Mail | None"]


class Device(BaseModel):
    mark: Fingerprint


class Located(BaseModel):
    address: str

    @model_validator(mode="wrap")
    @classmethod
    def look_up(cls, value, handler):
        made = handler(value)
        dns.resolver.resolve(made.address, "A")
        return made


@model_dataclass
class Job:
    script: str

    def __post_init__(self) -> None:
        with open(self.script) as stream:
            self.text = stream.read()
# file: app/main.py
from typing import Annotated

from app.schemas import Device, Job, Located, Mail, Quiet, Signup, Target, Wrapped
from fastapi import Body, FastAPI, Form, Query
from pydantic import TypeAdapter

app = FastAPI()
targets = TypeAdapter(list[Target])


@app.post("/targets")  # allow: RW308
async def target(data: Target):  # allow: RW308
    return data.host


@app.post("/quiet")
async def quiet(data: Quiet):
    return data.host


@app.post("/raw")
async def raw(items: list[dict]):
    return [Target(**item).host for item in items]  # expect: RW308


@app.post("/adapter")
async def adapter(items: list[dict]):
    return targets.validate_python(items)  # expect: RW308


@app.post("/validate")
async def validate(item: dict):
    signup = Signup.model_validate(item)  # expect: RW306
    return Quiet.model_validate(item), Target.model_construct(host="x"), signup


@app.post("/device")
async def device(item: dict):
    return Device.model_validate_json("{}")  # expect: RW306


@app.post("/located")
async def located(item: dict):
    return Located(**item)  # expect: RW308


@app.post("/job")
async def job(path: str):
    return Job(path).text  # expect: RW304


@app.post("/wrapped")
async def wrapped(item: dict):
    return Wrapped.model_validate(item)  # expect: RW308
