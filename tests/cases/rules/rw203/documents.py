# Documents of Beanie are what the database holds: as a response they send all of it
# file: app/__init__.py
# file: app/models.py
from beanie import Document
from pydantic import BaseModel


class Base(Document):
    class Settings:
        use_state_management = True


class User(Base):
    email: str
    hashed_password: str


class UserOut(BaseModel):
    email: str
# file: app/main.py
from beanie import PydanticObjectId
from fastapi import APIRouter, FastAPI

from app.models import User, UserOut

router = APIRouter(prefix="/users")


@router.get("/{user_id}", response_model=User)  # expect: RW203
async def read_user(user_id: PydanticObjectId):
    return await User.get(user_id)


@router.get("")  # expect: RW203
async def read_users() -> list[User]:
    return await User.find_all().to_list()


@router.get("/{user_id}/public", response_model=UserOut)
async def read_public_user(user_id: PydanticObjectId):
    return await User.get(user_id)


@router.post("")
async def create_user(user: UserOut) -> UserOut:
    await User(email=user.email, hashed_password="").insert()
    return user


app = FastAPI()
app.include_router(router)
