# Synchronous SDK clients and the streams they answer with, read on the loop.
# file: app/__init__.py
# file: app/llm.py
from abc import ABC, abstractmethod

from anthropic import Anthropic
from groq import Groq
from openai import AzureOpenAI, OpenAI


class Chat(ABC):
    @abstractmethod
    def stream(self, prompt: str): ...


class OpenAIChat(Chat):
    def __init__(self) -> None:
        self.client = OpenAI()

    def stream(self, prompt):
        response = self.client.chat.completions.create(
            model="x", messages=[{"role": "user", "content": prompt}], stream=True
        )
        for chunk in response:
            yield chunk.choices[0].delta.content


class ClaudeChat(Chat):
    def __init__(self) -> None:
        self._client = None

    @property
    def client(self):
        if self._client is None:
            self._client = Anthropic()
        return self._client

    def stream(self, prompt):
        with self.client.messages.stream(model="c", max_tokens=5, messages=[]) as stream:
            yield from stream.text_stream


class GroqChat(Chat):
    client = Groq()

    def stream(self, prompt):
        return self.client.chat.completions.create(model="m", messages=[], stream=True)


BACKENDS = {"openai": OpenAIChat, "claude": ClaudeChat, "groq": GroqChat}


def backend(name: str) -> Chat:
    return BACKENDS[name]()
# file: app/main.py
import asyncio

import requests
from app.llm import AzureOpenAI, backend
from fastapi import FastAPI, WebSocket
from fastapi.responses import StreamingResponse

app = FastAPI()
azure = AzureOpenAI()


@app.get("/chat/{name}")
async def chat(name: str, prompt: str):
    llm = backend(name)

    async def body():
        for token in llm.stream(prompt):  # expect: RW301
            yield token

    return StreamingResponse(body())


@app.get("/sync/{name}")
async def sync_stream(name: str, prompt: str):
    return StreamingResponse(backend("openai").stream(prompt))


@app.websocket("/ws")
async def ws(socket: WebSocket):
    await socket.accept()
    answer = await asyncio.to_thread(
        azure.chat.completions.create, model="x", messages=[], stream=True
    )
    for part in answer:  # expect: RW301
        await socket.send_text(part.choices[0].delta.content)


@app.get("/embed")
async def embed(text: str):
    return azure.embeddings.create(model="e", input=text).data[0].embedding  # expect: RW301


@app.get("/proxy")
async def proxy(url: str):
    upstream = await asyncio.to_thread(requests.get, url, stream=True, timeout=3)

    async def chunks():
        for chunk in upstream.iter_content(8192):  # expect: RW301
            yield chunk

    return StreamingResponse(chunks())


@app.get("/lines")
async def lines(url: str):
    with requests.get(url, stream=True, timeout=3) as upstream:  # expect: RW301
        found = [line async for line in _async(upstream)]
    return found


async def _async(upstream):
    for line in upstream.iter_lines():  # expect: RW301
        yield line
