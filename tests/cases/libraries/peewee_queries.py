# peewee: queries are lazy; running them, saving and following a foreign key block.
# file: models.py
from peewee import CharField, ForeignKeyField, Model, SqliteDatabase

db = SqliteDatabase("app.db")


class Base(Model):
    class Meta:
        database = db


class User(Base):
    name = CharField()


class Post(Base):
    author = ForeignKeyField(User, backref="posts")
    title = CharField()
# file: main.py
from fastapi import FastAPI

from models import Post, User

app = FastAPI()


@app.get("/posts")
async def posts() -> list[str]:
    query = Post.select().where(Post.title != "").order_by(Post.title)
    titles = []
    for post in query:  # expect: RW302
        titles.append(post.title)
    return titles


@app.get("/posts/{post_id}")
async def read(post_id: int) -> str:
    post = Post.get_by_id(post_id)  # expect: RW302
    author = post.author  # expect: RW302
    return f"{post.title} by {author.name}"


@app.post("/users")
async def add(name: str) -> int:
    user = User(name=name)
    user.save()  # expect: RW302
    other = User.create(name=f"{name}-2")  # expect: RW302
    return int(user.get_id()) + int(other.get_id())


@app.get("/users/{name}")
async def find(name: str) -> bool:
    return User.get_or_none(User.name == name) is not None  # expect: RW302


@app.delete("/posts")
async def delete() -> int:
    deletion = Post.delete().where(Post.title == "")
    return deletion.execute()  # expect: RW302
