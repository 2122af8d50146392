# The tools of an MCP server run on the loop of the application that it is mounted on.
import time

from fastapi import FastAPI
from mcp.server.fastmcp import FastMCP

app = FastAPI()
server = FastMCP("tools")
app.mount("/mcp", server.sse_app())


@server.tool()
async def rest() -> None:
    time.sleep(1)  # expect: RW303


@server.resource("data://x")
async def data() -> str:
    return "x"
