"""Version 1 of the API."""

from app.api.v1 import books, customers, health, orders
from fastapi import APIRouter

router = APIRouter()
router.include_router(books.router, prefix="/books", tags=["books"])
router.include_router(customers.router, prefix="/customers", tags=["customers"])
router.include_router(orders.router, prefix="/orders", tags=["orders"])
router.include_router(health.router, tags=["health"])
