"""What the token check needs to know of an account, remembered for a few seconds."""

import time
from collections import OrderedDict
from dataclasses import dataclass
from typing import Final

MOST_ACCOUNTS: Final = 10_000


@dataclass(frozen=True, slots=True)
class Account:
    """The state of an account that decides whether its tokens count."""

    user_id: int
    token_version: int
    is_active: bool
    is_admin: bool


class AccountCache:
    """Accounts by number. Other workers' changes arrive within `seconds`."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._entries: OrderedDict[int, tuple[float, Account]] = OrderedDict()

    def get(self, user_id: int, version: int) -> Account | None:
        """Return the account unless it is old, or the token is not of its version."""
        found = self._entries.get(user_id)
        if found is None:
            return None
        expires, account = found
        if time.monotonic() >= expires or account.token_version != version:
            return None
        return account

    def put(self, account: Account) -> None:
        """Remember an account; the one that was put longest ago is forgotten."""
        if not self._seconds:
            return
        self._entries[account.user_id] = (time.monotonic() + self._seconds, account)
        self._entries.move_to_end(account.user_id)
        if len(self._entries) > MOST_ACCOUNTS:
            self._entries.popitem(last=False)

    def forget(self, user_id: int) -> None:
        """Forget an account that has changed."""
        self._entries.pop(user_id, None)
