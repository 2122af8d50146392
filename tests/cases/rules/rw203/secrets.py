# A secret in a response schema is flagged unless it is excluded, or issued on purpose
from fastapi import FastAPI
from pydantic import BaseModel, Field, SecretStr, field_serializer

app = FastAPI()


class Base(BaseModel):
    hashed_password: str


class Inherits(Base):
    name: str


class Holds(BaseModel):
    owner: Inherits


class Hidden(BaseModel):
    name: str
    password: str = Field(exclude=True)


class Guarded(BaseModel):
    password: SecretStr


class Masked(BaseModel):
    api_key: str

    @field_serializer("api_key")
    def mask(self, value: str) -> str:
        return value[:2] + "…"


class Flags(BaseModel):
    password: bool
    has_secret: bool


class Token(BaseModel):
    access_token: str
    refresh_token: str


class ApiKey(BaseModel):
    api_key: str


class Account(BaseModel):
    name: str
    api_key: str


@app.get("/inherits")  # expect: RW203
async def inherits() -> Inherits:
    return Inherits(name="a", hashed_password="b")


@app.get("/holds", response_model=list[Holds])  # expect: RW203
async def holds() -> list[Holds]:
    return []


@app.get("/account")  # expect: RW203
async def account() -> Account:
    return Account(name="a", api_key="b")


@app.get("/excluded", response_model=Inherits, response_model_exclude={"hashed_password"})
async def excluded() -> Inherits:
    return Inherits(name="a", hashed_password="b")


@app.get("/included", response_model=Inherits, response_model_include={"name"})
async def included() -> Inherits:
    return Inherits(name="a", hashed_password="b")


@app.get("/hidden")
async def hidden() -> Hidden:
    return Hidden(name="a", password="b")


@app.get("/guarded")
async def guarded() -> Guarded:
    return Guarded(password=SecretStr("a"))


@app.get("/masked")
async def masked() -> Masked:
    return Masked(api_key="abc")


@app.get("/flags")
async def flags() -> Flags:
    return Flags(password=True, has_secret=False)


@app.post("/token")
async def token() -> Token:
    return Token(access_token="a", refresh_token="b")


@app.post("/api-keys")
async def create_api_key() -> ApiKey:
    return ApiKey(api_key="a")
