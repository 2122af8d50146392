# openai: the synchronous client and its streamed answer; the asynchronous client.
from collections.abc import AsyncIterator

from fastapi import FastAPI
from fastapi.responses import StreamingResponse
from openai import AsyncOpenAI, OpenAI

app = FastAPI()
client = OpenAI(api_key="k")
async_client = AsyncOpenAI(api_key="k")


@app.get("/sync")
async def ask(question: str) -> str | None:
    answer = client.chat.completions.create(  # expect: RW301
        model="gpt-5", messages=[{"role": "user", "content": question}]
    )
    return answer.choices[0].message.content


@app.get("/async")
async def ask_async(question: str) -> str | None:
    answer = await async_client.chat.completions.create(
        model="gpt-5", messages=[{"role": "user", "content": question}]
    )
    return answer.choices[0].message.content


async def tokens(question: str) -> AsyncIterator[str]:
    stream = client.chat.completions.create(  # expect: RW301
        model="gpt-5",
        messages=[{"role": "user", "content": question}],
        stream=True,
    )
    for chunk in stream:  # allow: RW301
        yield chunk.choices[0].delta.content or ""


async def async_tokens(question: str) -> AsyncIterator[str]:
    stream = await async_client.chat.completions.create(
        model="gpt-5",
        messages=[{"role": "user", "content": question}],
        stream=True,
    )
    async for chunk in stream:
        yield chunk.choices[0].delta.content or ""


@app.get("/stream")
async def stream_answer(question: str) -> StreamingResponse:
    return StreamingResponse(tokens(question))


@app.get("/async-stream")
async def stream_async(question: str) -> StreamingResponse:
    return StreamingResponse(async_tokens(question))
