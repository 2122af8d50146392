# Forms that a site shows to everybody are written to without a login
from typing import Annotated

from fastapi import Depends, FastAPI
from fastapi.security import OAuth2PasswordBearer

app = FastAPI()
scheme = OAuth2PasswordBearer(tokenUrl="token")


@app.post("/newsletter-subscription")
async def subscribe(email: str) -> None: ...


@app.post("/faq-inquiries")
async def ask(text: str) -> None: ...


@app.post("/magic-link")
async def send_link(email: str) -> None: ...


@app.post("/regions")  # expect: RW601
async def add_region(name: str) -> None:
    print(name)


@app.post("/items")
async def add_item(token: Annotated[str, Depends(scheme)]) -> None: ...
