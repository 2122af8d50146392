# Class-based controllers with a session injected without annotation, repositories by cached_property.
# file: app/__init__.py
# file: app/db.py
from sqlalchemy import create_engine
from sqlalchemy.orm import declarative_base, sessionmaker
from sqlalchemy import Column, Integer, String

engine = create_engine("postgresql://localhost/app")
SessionLocal = sessionmaker(autocommit=False, autoflush=False, bind=engine)
Base = declarative_base()


class Recipe(Base):
    __tablename__ = "recipes"
    id = Column(Integer, primary_key=True)
    slug = Column(String)


class Group(Base):
    __tablename__ = "groups"
    id = Column(Integer, primary_key=True)


def generate_session():
    db = SessionLocal()
    try:
        yield db
    finally:
        db.close()
# file: app/repository.py
from functools import cached_property
from typing import Generic, TypeVar

from app.db import Group, Recipe
from pydantic import BaseModel
from sqlalchemy import select

Schema = TypeVar("Schema", bound=BaseModel)
ModelT = TypeVar("ModelT")


class RecipeOut(BaseModel):
    id: int
    slug: str


class GroupOut(BaseModel):
    id: int


class RepositoryGeneric(Generic[Schema, ModelT]):
    def __init__(self, session, primary_key: str, sql_model: type[ModelT], schema: type[Schema]) -> None:
        self.session = session
        self.primary_key = primary_key
        self.model = sql_model
        self.schema = schema

    def _query(self):
        return select(self.model)

    def get_one(self, value, key=None) -> Schema | None:
        q = self._query().filter_by(**{key or self.primary_key: value})
        result = self.session.execute(q).scalars().one_or_none()
        return self.schema.model_validate(result) if result else None

    def create(self, data: Schema) -> Schema:
        row = self.model(**data.model_dump())
        self.session.add(row)
        self.session.commit()
        return self.schema.model_validate(row)

    def describe(self) -> str:
        return self.model.__name__


class RecipeRepository(RepositoryGeneric[RecipeOut, Recipe]):
    def create(self, data: RecipeOut) -> RecipeOut:
        data.slug = data.slug.lower()
        return super().create(data)

    def by_slug(self, slug: str) -> RecipeOut | None:
        return self.get_one(slug, "slug")


class AllRepositories:
    def __init__(self, session, group_id=None) -> None:
        self.session = session
        self.group_id = group_id

    @cached_property
    def recipes(self) -> RecipeRepository:
        return RecipeRepository(self.session, "id", Recipe, RecipeOut)

    @cached_property
    def groups(self) -> RepositoryGeneric[GroupOut, Group]:
        return RepositoryGeneric(self.session, "id", Group, GroupOut)


def get_repositories(session, group_id=None):
    return AllRepositories(session, group_id)
# file: app/controller.py
import inspect
from functools import cached_property

from app.db import generate_session
from app.repository import AllRepositories, get_repositories
from fastapi import Depends


class BaseController:
    session = Depends(generate_session)

    @cached_property
    def repos(self):
        return get_repositories(self.session)


class RepoMixin:
    def __init__(self, repo, logger) -> None:
        self.repo = repo
        self.logger = logger

    def create_one(self, data):
        return self.repo.create(data)

    def name(self):
        return self.repo.describe()
# file: app/main.py
from functools import cached_property

from app.controller import BaseController, RepoMixin
from app.repository import RecipeOut
from fastapi import APIRouter, FastAPI
from fastapi_utils.cbv import cbv

router = APIRouter(prefix="/recipes")


@cbv(router)
class RecipeController(BaseController):
    @cached_property
    def repo(self):
        return self.repos.recipes

    @cached_property
    def mixins(self):
        return RepoMixin(self.repo, None)

    @router.get("/{slug}")
    async def read(self, slug: str):
        return self.repo.by_slug(slug)  # expect: RW302

    @router.post("")
    async def create(self, data: RecipeOut):
        return self.mixins.create_one(data)  # expect: RW302

    @router.get("/about/name")
    async def name(self):
        return self.mixins.name()

    @router.get("/groups/{gid}")
    async def group(self, gid: int):
        found = self.repos.groups.get_one(gid)  # expect: RW302
        return found


app = FastAPI()
app.include_router(router)
