# strawberry calls resolvers on the loop, def ones too.
import asyncio
import time

import strawberry
from fastapi import FastAPI
from strawberry.fastapi import GraphQLRouter


def load() -> str:
    time.sleep(0.1)
    return "slow"


@strawberry.type
class Query:
    @strawberry.field
    def slow(self) -> str:
        return load()  # expect: RW303

    @strawberry.field
    async def asynchronous(self) -> str:
        time.sleep(0.1)  # expect: RW303
        return "blocked"

    @strawberry.field
    async def threaded(self) -> str:
        return await asyncio.to_thread(load)


app = FastAPI()
app.include_router(GraphQLRouter(strawberry.Schema(query=Query)), prefix="/graphql")
