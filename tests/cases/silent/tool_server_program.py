# An MCP server that is a program of its own: its tools never run on the server's loop.
import time

from fastapi import FastAPI
from mcp.server.fastmcp import FastMCP

app = FastAPI()
server = FastMCP("tools")


@server.tool()
async def rest() -> None:
    time.sleep(1)


@app.get("/")
async def read() -> str:
    return "x"


if __name__ == "__main__":
    server.run()
