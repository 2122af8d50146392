# peewee behind a table object: proxies, transactions, aggregates, back-references, lazy iteration.
# file: app/__init__.py
# file: app/db.py
from peewee import DatabaseProxy, Model
from playhouse.pool import PooledPostgresqlDatabase

proxy = DatabaseProxy()


def connect() -> None:
    proxy.initialize(PooledPostgresqlDatabase("app", max_connections=8))


class BaseModel(Model):
    class Meta:
        database = proxy
# file: app/models.py
from app.db import BaseModel
from peewee import BooleanField, CharField, DateTimeField, ForeignKeyField, IntegerField, TextField


class Account(BaseModel):
    email = CharField(unique=True)
    active = BooleanField(default=True)


class Note(BaseModel):
    owner = ForeignKeyField(Account, backref="notes")
    text = TextField()
    stars = IntegerField(default=0)


class Tag(BaseModel):
    note = ForeignKeyField(Note, backref="tags", on_delete="CASCADE")
    name = CharField()
# file: app/store.py
from app.db import proxy
from app.models import Account, Note, Tag
from peewee import DoesNotExist, fn, prefetch
from playhouse.shortcuts import model_to_dict, update_model_from_dict


class NotesTable:
    def __init__(self, db) -> None:
        self.db = db
        self.db.create_tables([Account, Note, Tag])

    def by_id(self, id: int):
        try:
            return Note.get(Note.id == id)
        except DoesNotExist:
            return None

    def list_query(self, owner_id: int):
        return Note.select(Note, Account).join(Account).where(Account.id == owner_id)

    def totals(self):
        return Note.select(fn.SUM(Note.stars)).scalar()

    def star(self, id: int):
        return Note.update(stars=Note.stars + 1).where(Note.id == id).execute()

    def bulk(self, rows):
        with self.db.atomic():
            for row in rows:
                Note.insert(**row).execute()

    def with_tags(self):
        return prefetch(Note.select(), Tag.select())


Notes = NotesTable(proxy)
# file: app/main.py
from app.db import connect, proxy
from app.models import Account, Note
from app.store import Notes, model_to_dict
from fastapi import Depends, FastAPI, Request

app = FastAPI()


@app.on_event("startup")
async def startup():
    connect()


async def reset_state():
    proxy._state.reset()


def get_db(state=Depends(reset_state)):
    try:
        proxy.connect()
        yield
    finally:
        if not proxy.is_closed():
            proxy.close()


@app.middleware("http")
async def transaction(request: Request, call_next):
    with proxy.connection_context():  # expect: RW302
        return await call_next(request)


@app.get("/notes/{id}")
async def one(id: int):
    note = Notes.by_id(id)  # expect: RW302
    return model_to_dict(note)  # allow: RW302


@app.get("/owners/{owner_id}/notes")
async def of_owner(owner_id: int):
    query = Notes.list_query(owner_id)
    return [{"text": note.text} for note in query]  # expect: RW302


@app.get("/owners/{owner_id}/count")
async def count(owner_id: int):
    query = Notes.list_query(owner_id)
    paged = query.paginate(1, 20)
    return {"total": query.count(), "page": paged.sql()}  # expect: RW302


@app.get("/totals")
async def totals():
    return Notes.totals()  # expect: RW302


@app.post("/notes/{id}/star")
async def star(id: int):
    Notes.star(id)  # expect: RW302
    return len(Notes.list_query(id))  # expect: RW302


@app.post("/notes/bulk")
async def bulk(rows: list[dict]):
    Notes.bulk(rows)  # expect: RW302


@app.get("/accounts/{email}/notes")
async def backref(email: str):
    account = Account.get_or_none(email=email)  # expect: RW302
    texts = []
    for note in account.notes:  # expect: RW302
        texts.append(note.text)
    return texts


@app.get("/accounts/{email}/first")
async def first(email: str):
    note = Note.select().order_by(Note.stars.desc()).first()  # expect: RW302
    if note.owner_id:
        return note.owner.email  # expect: RW302
    return None


@app.get("/tags")
async def tags():
    return [n.text for n in Notes.with_tags()]  # expect: RW302


@app.put("/notes/{id}")
async def change(id: int, text: str):
    note = Note[id]  # expect: RW302
    note.text = text
    note.save(only=[Note.text])  # expect: RW302
    note.delete_instance(recursive=True)  # expect: RW302
    created, new = Note.get_or_create(text=text)  # expect: RW302


@app.get("/raw")
async def raw():
    cursor = proxy.execute_sql("select 1")  # expect: RW302
    rows = Note.select(Note.text).tuples().iterator()  # expect: RW302
    out = [row for row in rows]  # allow: RW302
    if Note.select().where(Note.stars > 5).exists():  # expect: RW302
        return out
    return cursor.fetchone()  # allow: RW302


@app.get("/built")
async def built():
    query = Note.select().where(Note.stars > 3).order_by(Note.text).limit(3)
    return str(query)
