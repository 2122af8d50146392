"""The scopes that an access token can carry, and who may have which."""

from typing import Final

SCOPES: Final[dict[str, str]] = {
    "profile": "Read and change your own account",
    "items:read": "Read your items",
    "items:write": "Create, change and delete your items",
    "users:read": "Read every account (administrators)",
    "users:write": "Change every account (administrators)",
}
ADMIN_SCOPES: Final = frozenset({"users:read", "users:write"})
USER_SCOPES: Final = frozenset(SCOPES) - ADMIN_SCOPES


def permitted(is_admin: bool) -> frozenset[str]:
    """Return every scope that an account may ask for."""
    return USER_SCOPES | ADMIN_SCOPES if is_admin else USER_SCOPES
