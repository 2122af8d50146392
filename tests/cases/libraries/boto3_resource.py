# boto3 resources: their sub-resources are made locally, their actions block.
import boto3
from fastapi import FastAPI

app = FastAPI()
dynamodb = boto3.resource("dynamodb", region_name="eu-central-1")
table = dynamodb.Table("items")


@app.put("/items/{key}")
async def put(key: str) -> None:
    table.put_item(Item={"id": key})  # expect: RW301


@app.get("/name")
async def name() -> str:
    return table.name
