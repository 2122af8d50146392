# Session, repository and service, each a dependency of the next, without annotations.
# file: app/__init__.py
# file: app/deps.py
from app.repositories import OrderRepository
from app.services import OrderService
from fastapi import Depends
from sqlalchemy import create_engine
from sqlalchemy.orm import sessionmaker

SessionLocal = sessionmaker(bind=create_engine("sqlite:///app.db"))


def get_session():
    session = SessionLocal()
    try:
        yield session
    finally:
        session.close()


def get_repository(session=Depends(get_session)):
    return OrderRepository(session)


def get_service(repository=Depends(get_repository)):
    return OrderService(repository)
# file: app/repositories.py
from sqlalchemy import text


class OrderRepository:
    def __init__(self, session):
        self.session = session

    def count(self):
        return self.session.execute(text("select 1")).scalar_one()
# file: app/services.py
class OrderService:
    def __init__(self, repository):
        self._repository = repository

    @property
    def repository(self):
        return self._repository

    def total(self):
        return self.repository.count()

    async def total_async(self):
        return self.repository.count()  # expect: RW302

    def label(self):
        return type(self._repository).__name__
# file: app/main.py
from app.deps import get_service
from fastapi import Depends, FastAPI

app = FastAPI()


@app.get("/total")
async def total(service=Depends(get_service)):
    return service.total()  # expect: RW302


@app.get("/total-async")
async def total_async(service=Depends(get_service)):
    return await service.total_async()


@app.get("/label")
async def label(service=Depends(get_service)):
    return service.label()
