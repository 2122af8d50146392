# Routes that pass requests on have no one schema; other routes of several methods do
from fastapi import APIRouter, FastAPI, Request

router = APIRouter()


async def forward(request: Request) -> object:
    return {"path": request.url.path}


@router.api_route("/upstream/{path:path}", methods=["GET", "POST", "PUT", "DELETE"])
async def pass_on(request: Request, path: str):
    return await forward(request)


@router.api_route("/search", methods=["GET", "POST"])  # expect: RW202
async def search(q: str):
    return {"found": [q]}


@router.delete("/pens/{pen_id}")  # expect: RW202
async def delete_pen(pen_id: int):
    print(pen_id)


app = FastAPI()
app.include_router(router)
