# Coroutines given to another framework's object while the service is imported run on its loop.
# file: main.py
import time

import requests
from fastapi import FastAPI, Request
from pyee.asyncio import AsyncIOEventEmitter
from telegram import Update
from telegram.ext import Application, CommandHandler, MessageHandler, filters

import work

emitter = AsyncIOEventEmitter()
app = FastAPI()


async def start(update: Update, context):
    text = requests.get("https://example.com", timeout=3).text  # expect: RW301
    await update.message.reply_text(text)


async def echo(update: Update, context):
    await update.message.reply_text(update.message.text)


async def ordered(order):
    work.nap()  # expect: RW303


bot = Application()
bot.add_handler(CommandHandler("start", start))
bot.add_handler(MessageHandler(filters.TEXT, echo))
emitter.on("order", ordered)


@app.post("/telegram")
async def telegram(request: Request):
    await bot.process_update(Update.de_json(await request.json(), bot.bot))


@app.post("/orders")
async def order(data: dict):
    emitter.emit("order", data)
# file: work.py
import queue
import time

from taskiq import InMemoryBroker
from typer import Typer

broker = InMemoryBroker()
commands = Typer()
waiting = queue.Queue()


def nap():
    time.sleep(1)


async def in_worker():
    time.sleep(1)


async def at_terminal():
    time.sleep(1)


async def in_thread():
    time.sleep(1)


broker.register_task(in_worker)
commands.command()(at_terminal)
waiting.put_nowait(in_thread)
