# SQLModel: owners checked by relations, roles, helpers; and not
# file: app/__init__.py
# file: app/models.py
from sqlmodel import Field, Relationship, SQLModel


class User(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    is_superuser: bool = False
    projects: list["Project"] = Relationship(back_populates="owner")


class Project(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    owner_id: int = Field(foreign_key="user.id")
    owner: User = Relationship(back_populates="projects")
    name: str = ""
# file: app/deps.py
from typing import Annotated

import jwt
from fastapi import Depends, HTTPException
from fastapi.security import OAuth2PasswordBearer
from sqlmodel import Session, create_engine

from app.models import Project, User

engine = create_engine("sqlite://")
scheme = OAuth2PasswordBearer(tokenUrl="token")


def get_db():
    with Session(engine) as session:
        yield session


DB = Annotated[Session, Depends(get_db)]


def current(token: Annotated[str, Depends(scheme)], db: DB) -> User:
    user = db.get(User, jwt.decode(token, "k", algorithms=["HS256"])["sub"])
    if user is None:
        raise HTTPException(401)
    return user


Me = Annotated[User, Depends(current)]


def assert_owner(project: Project, user: User) -> None:
    if project.owner_id != user.id:
        raise HTTPException(403)
# file: app/main.py
from fastapi import FastAPI, HTTPException
from sqlmodel import select

from app.deps import DB, Me, assert_owner
from app.models import Project

app = FastAPI()


@app.get("/projects/{project_id}")  # expect: RW617
def read(project_id: int, db: DB, me: Me) -> Project:
    project = db.exec(select(Project).where(Project.id == project_id)).first()
    if project is None:
        raise HTTPException(404)
    return project


@app.put("/projects/{project_id}")  # expect: RW617
def rename(project_id: int, name: str, db: DB, _: Me) -> Project:
    project = db.get(Project, project_id)
    if not project:
        raise HTTPException(404)
    project.name = name
    db.add(project)
    db.commit()
    return project


@app.delete("/projects/{project_id}")
def remove(project_id: int, db: DB, me: Me) -> None:
    project = db.get_one(Project, project_id)
    if not me.is_superuser and project.owner_id != me.id:
        raise HTTPException(403)
    db.delete(project)
    db.commit()


@app.get("/projects/{project_id}/name")
def name(project_id: int, db: DB, me: Me) -> str:
    project = db.get_one(Project, project_id)
    assert_owner(project, me)
    return project.name


@app.get("/projects/{project_id}/short")
def short(project_id: int, db: DB, me: Me) -> str:
    if project_id not in {project.id for project in me.projects}:
        raise HTTPException(404)
    return db.get_one(Project, project_id).name
