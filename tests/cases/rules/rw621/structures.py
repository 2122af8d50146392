# A dictionary that is passed on is no path; what is taken out of it is
import json
from typing import Any

from fastapi import FastAPI

app = FastAPI()


def load(config: Any) -> Any:
    if isinstance(config, str):
        try:
            config = json.loads(config)
        except ValueError:
            with open(config) as file:
                return json.load(file)
    return config


def load_text(config: Any) -> Any:
    with open(config["path"]) as file:  # expect: RW621
        return json.load(file)


@app.put("/config")
def change(payload: dict[str, Any]) -> Any:
    return [load(payload), load_text(payload)]
