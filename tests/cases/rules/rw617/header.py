# Who calls may be found out from the header itself, by an object made for the call
from typing import Annotated

from fastapi import Depends, FastAPI, Header, HTTPException
from fastapi.security import OAuth2PasswordBearer
from sqlmodel import Field, Session, SQLModel, create_engine, select

app = FastAPI()
engine = create_engine("sqlite://")
scheme = OAuth2PasswordBearer(tokenUrl="token")


class Note(SQLModel, table=True):
    id: int = Field(primary_key=True)
    user_id: int


class NoteRead(SQLModel):
    id: int


class Auth:
    def __init__(self, token: str) -> None:
        self.user_id = int(token)

    def note(self, session: Session, note_id: int) -> Note | None:
        query = select(Note).where(Note.id == note_id)
        return session.exec(query.where(Note.user_id == self.user_id)).first()


def verified(token: Annotated[str, Depends(scheme)]) -> str:
    if not token:
        raise HTTPException(401)
    return token


def open_session():
    with Session(engine) as session:
        yield session


Opened = Annotated[Session, Depends(open_session)]


@app.get("/notes/{note_id}", response_model=NoteRead)
def read(
    note_id: int,
    session: Opened,
    user: Annotated[str, Depends(verified)],
    authorization: str = Header(),
) -> Note | None:
    return Auth(token=authorization).note(session, note_id)


@app.delete("/notes/{note_id}")  # expect: RW617
def delete(
    note_id: int, session: Opened, user: Annotated[str, Depends(verified)]
) -> None:
    session.delete(session.get(Note, note_id))
