"""The worker of the mail queue: `taskiq worker app.worker:broker`."""

from app.core.logging import configure
from app.core.mail_queue import make_queue
from app.core.settings import get_settings

configure(get_settings())
broker = make_queue(get_settings()).broker
