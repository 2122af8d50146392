# Chains of Django, Tortoise and Beanie: built here, or only read
# file: app/__init__.py
# file: app/models.py
from beanie import Document
from django.db import models
from tortoise import fields
from tortoise.models import Model


class Agent(models.Model):
    name = models.CharField(max_length=80)


class Pen(Model):
    id = fields.IntField(primary_key=True)
    colour = fields.TextField()


class Ink(Document):
    colour: str
# file: app/adapters.py
from django.db.models import QuerySet

from app.models import Agent


class AgentAdapters:
    @staticmethod
    def get_agents() -> "QuerySet[Agent]":
        return Agent.objects.filter(name="a")
# file: app/main.py
from beanie import PydanticObjectId
from fastapi import APIRouter, FastAPI

from app.adapters import AgentAdapters
from app.models import Agent, Ink, Pen

router = APIRouter()


@router.get("/agents")
def read_agents() -> list[str]:
    return [agent.name for agent in AgentAdapters.get_agents().all()]


@router.get("/agents/named")
def read_agents_by_name() -> list[str]:
    agents = AgentAdapters.get_agents()
    return [agent.name for agent in agents.all()]


@router.get("/pens")  # expect: RW403
async def read_pens(colour: str) -> list[int]:
    return [pen.id for pen in await Pen.filter(colour=colour).all()]


@router.get("")  # expect: RW403
@router.get("/")
async def count_pens() -> int:
    pens = Pen.all()
    return await pens.count()


@router.get("/inks")  # expect: RW403
async def read_inks(colour: str) -> list[str]:
    return [ink.colour for ink in await Ink.find(Ink.colour == colour).to_list()]


@router.get("/inks/{ink_id}")
async def read_ink(ink_id: PydanticObjectId) -> str | None:
    ink = await Ink.get(ink_id)
    return ink.colour if ink is not None else None


@router.delete("/agents/{name}")  # expect: RW403
def delete_agent(name: str) -> None:
    Agent.objects.filter(name=name).delete()


app = FastAPI()
app.include_router(router, prefix="/api/v1")
