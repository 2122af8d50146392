# Origins that come from the settings are for each deployment to say.
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware
from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    origins: list[str] = []


settings = Settings()
app = FastAPI()
app.add_middleware(
    CORSMiddleware, allow_origins=settings.origins, allow_credentials=True
)


@app.get("/a")
async def a() -> None: ...
