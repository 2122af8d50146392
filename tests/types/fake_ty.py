"""A stand-in for ty that misbehaves in the way that `MODE` names.

Each process adds its number to the file `LIVES`. Where it behaves, it answers every
question with the place that was asked about.
"""

import json
import os
import sys
import time
from pathlib import Path

MODE = "good"
LIVES = Path("lives.txt")


def read():
    length = 0
    while (line := sys.stdin.buffer.readline()) not in (b"\r\n", b""):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            length = int(value)
    return json.loads(sys.stdin.buffer.read(length)) if length else None


def write(message):
    body = json.dumps({"jsonrpc": "2.0", **message}).encode()
    sys.stdout.buffer.write(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))
    sys.stdout.buffer.flush()


def place(message):
    position = message["params"]["position"]
    uri = message["params"]["textDocument"]["uri"]
    return [{"uri": uri, "range": {"start": position, "end": position}}]


def main():
    with LIVES.open("a") as lives:
        lives.write(f"{os.getpid()}\n")
    with LIVES.open() as lives:
        first_life = len(lives.readlines()) == 1
    refused = set()
    answered = 0
    print("noise on stderr", file=sys.stderr)
    if MODE == "mute":
        time.sleep(60)
    while (message := read()) is not None:
        if message["method"] == "initialize":
            if MODE == "asks back":
                question = {"items": [{}, {}]}
                write(
                    {"id": 7, "method": "workspace/configuration", "params": question}
                )
                assert read()["result"] == [None, None]
            encoding = "utf-16" if MODE == "utf-16" else "utf-32"
            write(
                {
                    "id": message["id"],
                    "result": {"capabilities": {"positionEncoding": encoding}},
                }
            )
            continue
        if "id" not in message:
            continue
        line = message["params"]["position"]["line"]
        if MODE == "dies always" or (
            MODE == "dies once" and first_life and answered == 3
        ):
            os._exit(1)
        if MODE == "garbage":
            sys.stdout.write("Traceback (most recent call last)\n" * 1000)
            sys.stdout.flush()
        elif MODE == "endless line":
            sys.stdout.write("x" * 100_000)
            sys.stdout.flush()
        elif MODE == "nonsense":
            write({"id": message["id"], "result": [{"uri": 5}]})
        elif MODE == "silent" or (MODE == "silent once" and first_life):
            time.sleep(60)
        elif MODE == "always busy" or (MODE == "busy once" and line not in refused):
            refused.add(line)
            write(
                {
                    "id": message["id"],
                    "error": {
                        "code": -32603,
                        "message": "ty is busy: too many queued requests",
                    },
                }
            )
        elif MODE == "modified once" and line not in refused:
            refused.add(line)
            write(
                {
                    "id": message["id"],
                    "error": {"code": -32801, "message": "content modified"},
                }
            )
        elif MODE == "old":
            write(
                {"id": message["id"], "error": {"code": -32601, "message": "unknown"}}
            )
        elif MODE == "panics" and line == 1:
            write(
                {
                    "id": message["id"],
                    "error": {"code": -32603, "message": "internal error"},
                }
            )
        else:
            answered += 1
            write({"id": message["id"], "result": place(message)})


main()
