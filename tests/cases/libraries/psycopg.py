# psycopg2 and psycopg: connecting blocks; the asynchronous connection is awaited.
import psycopg
import psycopg2
from fastapi import FastAPI

app = FastAPI()
DSN = "postgresql://app@db/app"


def names() -> list[str]:
    connection = psycopg2.connect(DSN)
    try:
        with connection.cursor() as cursor:
            cursor.execute("select name from users")
            return [row[0] for row in cursor.fetchall()]
    finally:
        connection.close()


@app.get("/names")
async def read_names() -> list[str]:
    return names()  # expect: RW302


@app.get("/direct")
async def direct() -> int:
    connection = psycopg.connect(DSN)  # expect: RW302
    connection.close()
    return 1


@app.get("/async")
async def asynchronous() -> int:
    async with await psycopg.AsyncConnection.connect(DSN) as connection:
        cursor = await connection.execute("select 1")
        row = await cursor.fetchone()
    return row[0] if row else 0
