# boto3: clients are made silently, their run-time methods block; signing a URL is local.
import asyncio

import boto3
from fastapi import FastAPI

app = FastAPI()
s3 = boto3.client("s3", region_name="eu-central-1")


def queue_url(name: str) -> str:
    sqs = boto3.client("sqs", region_name="eu-central-1")
    return sqs.get_queue_url(QueueName=name)["QueueUrl"]


@app.get("/objects/{key}")
async def read(key: str) -> bytes:
    found = s3.get_object(Bucket="b", Key=key)  # expect: RW301
    return key.encode() if found else b""


@app.get("/links/{key}")
async def link(key: str) -> str:
    return s3.generate_presigned_url("get_object", Params={"Bucket": "b", "Key": key})


@app.get("/queues/{name}")
async def queue(name: str) -> str:
    return queue_url(name)  # expect: RW301


@app.put("/objects/{key}")
async def write(key: str) -> None:
    await asyncio.to_thread(s3.put_object, Bucket="b", Key=key, Body=b"")
