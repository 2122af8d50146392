"""Mails: what one is, and how it is delivered."""

from email.message import EmailMessage
from typing import Final

import structlog
from aiosmtplib import SMTP, SMTPException
from pydantic import BaseModel, ConfigDict

from app.core.metrics import MAILS
from app.core.settings import Settings

log = structlog.stdlib.get_logger(__name__)
DELIVERY_ERRORS: Final = (SMTPException, OSError)


class Mail(BaseModel):
    """A mail of plain text to one address."""

    model_config = ConfigDict(frozen=True)

    to: str
    subject: str
    text: str


def compose(mail: Mail, sender: str) -> EmailMessage:
    """Return the message; raise `ValueError` if a header has more than one line."""
    message = EmailMessage()
    message["From"] = sender
    message["To"] = mail.to
    message["Subject"] = mail.subject
    message.set_content(mail.text)
    return message


async def deliver(settings: Settings, mail: Mail) -> None:
    """Hand a mail to the mail server; raise one of `DELIVERY_ERRORS` if it fails.

    A development machine without a mail server writes it to the log instead.
    """
    message = compose(mail, settings.mail_from)
    if not settings.smtp_host:
        log.info("mail_not_sent", to=mail.to, subject=mail.subject, text=mail.text)
        return
    client = SMTP(
        hostname=settings.smtp_host,
        port=settings.smtp_port,
        username=settings.smtp_user or None,
        password=settings.smtp_password.get_secret_value() or None,
        use_tls=settings.smtp_tls,
        start_tls=settings.smtp_starttls and not settings.smtp_tls,
        timeout=settings.smtp_seconds,
    )
    async with client:
        await client.send_message(message)
    MAILS.labels("sent").inc()


async def deliver_or_log(settings: Settings, mail: Mail) -> None:
    """Deliver a mail after the response; nobody waits, so failures are logged."""
    try:
        await deliver(settings, mail)
    except DELIVERY_ERRORS:
        MAILS.labels("failed").inc()
        log.exception("mail_failed", subject=mail.subject)
