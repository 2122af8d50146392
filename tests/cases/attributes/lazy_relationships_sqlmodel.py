# SQLModel's relationships are loaded when they are read, too.
from fastapi import Depends, FastAPI
from sqlmodel import Field, Relationship, Session, SQLModel, create_engine, select


class Team(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    name: str
    heroes: list["Hero"] = Relationship(back_populates="team")
    rooms: list["Room"] = Relationship(sa_relationship_kwargs={"lazy": "selectin"})


class Hero(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    team_id: int | None = Field(default=None, foreign_key="team.id")
    team: Team | None = Relationship(back_populates="heroes")


class Room(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    team_id: int | None = Field(default=None, foreign_key="team.id")


engine = create_engine("postgresql://db/app")
app = FastAPI()


def get_session():
    with Session(engine) as session:
        yield session


@app.get("/heroes/{hero_id}/team")
async def team_of(hero_id: int, session: Session = Depends(get_session)) -> str:
    hero = session.get(Hero, hero_id)  # expect: RW302
    if not hero or not hero.team:  # expect: RW302
        return ""
    return hero.team.name


@app.get("/teams")
async def teams(session: Session = Depends(get_session)) -> list[int]:
    found = session.exec(select(Team)).all()  # expect: RW302
    return [len(team.rooms) for team in found]


@app.get("/teams/threads")
def threads(session: Session = Depends(get_session)) -> list[int]:
    return [len(team.heroes) for team in session.exec(select(Team)).all()]
