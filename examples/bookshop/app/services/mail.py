"""Mail to customers."""

import smtplib
from email.message import EmailMessage

from app.core.config import settings


def send(to: str, subject: str, text: str) -> None:
    message = EmailMessage()
    message["From"] = settings.mail_from
    message["To"] = to
    message["Subject"] = subject
    message.set_content(text)
    with smtplib.SMTP(settings.mail_host) as server:
        server.send_message(message)


async def confirm_order(to: str, order_id: int) -> None:
    send(to, f"Your order {order_id}", "Thank you. Your book is on its way.")
