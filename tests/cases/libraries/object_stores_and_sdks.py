# SDK clients behind base classes, factories and properties: object stores, queues, search, mail.
# file: app/__init__.py
# file: app/storage.py
import os
from functools import cached_property, lru_cache
from typing import BinaryIO

import boto3
from azure.storage.blob import BlobServiceClient
from google.cloud import storage as gcs
from minio import Minio


class Storage:
    def put(self, key: str, data: BinaryIO) -> None:
        raise NotImplementedError

    def url(self, key: str) -> str:
        return f"/files/{key}"


class S3Storage(Storage):
    def __init__(self, bucket: str) -> None:
        self.bucket_name = bucket
        self.session = boto3.session.Session()

    @cached_property
    def client(self):
        return self.session.client("s3", region_name="eu-west-1")

    @property
    def bucket(self):
        return boto3.resource("s3").Bucket(self.bucket_name)

    def put(self, key, data):
        self.client.upload_fileobj(data, self.bucket_name, key)

    def keys(self):
        for item in self.bucket.objects.filter(Prefix="a/"):
            yield item.key

    def pages(self):
        paginator = self.client.get_paginator("list_objects_v2")
        for page in paginator.paginate(Bucket=self.bucket_name):
            yield from page["Contents"]

    def url(self, key):
        return self.client.generate_presigned_url("get_object", Params={"Key": key})


class GoogleStorage(Storage):
    def __init__(self, bucket: str) -> None:
        self._bucket = gcs.Client().bucket(bucket)

    def put(self, key, data):
        self._bucket.blob(key).upload_from_file(data)


class AzureStorage(Storage):
    def __init__(self, container: str) -> None:
        service = BlobServiceClient.from_connection_string(os.environ["AZURE"])
        self.container = service.get_container_client(container)

    def put(self, key, data):
        self.container.upload_blob(key, data)

    def get(self, key) -> bytes:
        return self.container.download_blob(key).readall()


class MinioStorage(Storage):
    client = Minio("localhost:9000")

    def put(self, key, data):
        self.client.put_object("b", key, data, length=-1)


@lru_cache
def get_storage() -> Storage:
    kind = os.environ.get("STORAGE", "s3")
    if kind == "gcs":
        return GoogleStorage("b")
    if kind == "azure":
        return AzureStorage("b")
    if kind == "minio":
        return MinioStorage()
    return S3Storage("b")


def dynamo():
    table = boto3.resource("dynamodb").Table("users")
    return table
# file: app/main.py
from app.storage import AzureStorage, S3Storage, dynamo, get_storage
from botocore.exceptions import ClientError
from elasticsearch import Elasticsearch
from fastapi import Depends, FastAPI, UploadFile
from fastapi.responses import StreamingResponse
from kubernetes import client, config
from stripe import StripeClient
from twilio.rest import Client as Twilio
import docker
import ldap3

app = FastAPI()
es = Elasticsearch("http://localhost:9200")
pay = StripeClient("sk")


@app.post("/files")
async def upload(file: UploadFile, storage=Depends(get_storage)):
    storage.put(file.filename, file.file)  # expect: RW301
    return storage.url(file.filename)


@app.get("/keys")
async def keys():
    store = S3Storage("x")
    first = list(store.keys())  # expect: RW301
    rest = [page["Key"] for page in store.pages()]  # expect: RW301
    return first + rest


@app.get("/files/{key}")
async def read(key: str):
    return AzureStorage("c").get(key)  # expect: RW301


@app.get("/users/{id}")
async def user(id: str):
    table = dynamo()
    try:
        row = table.get_item(Key={"id": id})  # expect: RW301
    except ClientError:
        return None
    return row["Item"]


@app.get("/search")
async def search(q: str):
    return es.search(index="x", query={"match": {"a": q}})["hits"]  # expect: RW302


@app.get("/pods")
async def pods():
    v1 = client.CoreV1Api()
    return [p.metadata.name for p in v1.list_pod_for_all_namespaces().items]  # expect: RW301


@app.post("/pay")
async def charge():
    return pay.payment_intents.create(params={"amount": 1}).id  # expect: RW301


@app.post("/sms")
async def sms(to: str):
    twilio = Twilio("a", "b")
    twilio.messages.create(to=to, body="x")  # expect: RW301


@app.get("/containers")
async def containers():
    return [c.name for c in docker.from_env().containers.list()]  # expect: RW301


@app.post("/ldap")
async def bind(user: str, password: str):
    server = ldap3.Server("ldap")
    connection = ldap3.Connection(server, user, password)
    return connection.bind()  # expect: RW308
