"""The service's state."""

from typing import Literal

from app.schemas.base import ResponseModel


class Health(ResponseModel):
    """`degraded` works, but without something that it can do without for a while."""

    status: Literal["ok", "degraded"]
