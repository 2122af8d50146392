# An f-string with the word update is no SQL.
from fastapi import FastAPI

app = FastAPI()


class Runner:
    def execute(self, command: str) -> None: ...


@app.post("/jobs")
def start(name: str) -> None:
    Runner().execute(f"update the job {name}")
    Runner().execute(name)
