"""Orders."""

from typing import Annotated

from app.api.deps import CurrentCustomer, get_ordering
from app.models.tables import Order
from app.schemas.shop import OrderIn, OrderOut
from app.services.mail import confirm_order
from app.services.ordering import Ordering, OutOfStock
from fastapi import APIRouter, BackgroundTasks, Depends, HTTPException, status

router = APIRouter()


@router.post("", response_model=OrderOut, status_code=status.HTTP_201_CREATED)
async def place_order(
    wanted: OrderIn,
    customer: CurrentCustomer,
    ordering: Annotated[Ordering, Depends(get_ordering)],
    tasks: BackgroundTasks,
) -> Order:
    try:
        order = ordering.place(customer, wanted.book_id, wanted.card)
    except OutOfStock:
        raise HTTPException(status.HTTP_409_CONFLICT, "out of stock") from None
    await ordering.print_invoice(order)
    tasks.add_task(confirm_order, customer.email, order.id)
    return order
