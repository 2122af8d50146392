# Routes that take the token of a link, and applications for a job, ask for no login
from typing import Annotated

from fastapi import Body, Depends, FastAPI
from fastapi.security import OAuth2PasswordBearer
from pydantic import BaseModel

app = FastAPI()
scheme = OAuth2PasswordBearer(tokenUrl="token")


class Invitation(BaseModel):
    token: str
    name: str


class Item(BaseModel):
    name: str


@app.get("/me")
async def me(token: Annotated[str, Depends(scheme)]) -> str:
    return token


@app.post("/verify")
async def verify(token: Annotated[str, Body(embed=True)]) -> str:
    return token


@app.post("/invitations/accept")
async def accept(invitation: Invitation) -> str:
    return invitation.name


@app.post("/jobs/{job_id}/applications")
async def apply_to_job(job_id: int, item: Item) -> str:
    return item.name


@app.post("/invitations")  # expect: RW601
async def invite(invitation: Invitation) -> str:
    return invitation.name


@app.post("/orders/accept")  # expect: RW601
async def accept_order(item: Item) -> str:
    return item.name
