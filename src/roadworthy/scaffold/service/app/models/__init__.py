"""Every model, so that the metadata is whole once this package is imported."""

from app.models.item import Item
from app.models.refresh_token import RefreshToken
from app.models.user import User

__all__ = ["Item", "RefreshToken", "User"]
