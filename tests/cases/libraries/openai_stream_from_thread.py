# A stream that a thread opened but the loop iterates still blocks, chunk by chunk.
import asyncio
from collections.abc import AsyncIterator

from fastapi import FastAPI
from fastapi.responses import StreamingResponse
from openai import OpenAI, Stream
from openai.types.chat import ChatCompletionChunk

app = FastAPI()
client = OpenAI(api_key="k")


def ask(question: str) -> Stream[ChatCompletionChunk]:
    return client.chat.completions.create(
        model="gpt-5",
        messages=[{"role": "user", "content": question}],
        stream=True,
    )


async def tokens(question: str) -> AsyncIterator[str]:
    stream = await asyncio.to_thread(ask, question)
    for chunk in stream:  # expect: RW301
        yield chunk.choices[0].delta.content or ""


@app.get("/stream")
async def stream_answer(question: str) -> StreamingResponse:
    return StreamingResponse(tokens(question))
