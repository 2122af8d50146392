"""What the service writes to people."""

from app.core.mail import Mail
from app.core.settings import Settings


def link(settings: Settings, path: str, token: str) -> str:
    """Return a link to the site. The token is behind the `#`: servers never log it."""
    return f"{settings.public_url}/{path}#token={token}"


def verify_address(settings: Settings, to: str, token: str) -> Mail:
    """Ask for a click that shows that the address is theirs."""
    return Mail(
        to=to,
        subject=f"{settings.app_name}: confirm your address",
        text=(
            "Somebody, probably you, has registered with this address.\n\n"
            f"Confirm it here: {link(settings, 'verify-email', token)}\n\n"
            "If it was not you, do nothing: the account stays closed.\n"
        ),
    )


def already_registered(settings: Settings, to: str) -> Mail:
    """Tell the owner of an address that it has an account already."""
    return Mail(
        to=to,
        subject=f"{settings.app_name}: you have an account",
        text=(
            "Somebody, probably you, has tried to register with this address.\n"
            "It has an account already: log in, or ask for a new password at\n"
            f"{settings.public_url}/password-reset\n"
        ),
    )


def reset_password(settings: Settings, to: str, token: str) -> Mail:
    """Send the link that sets a new password."""
    return Mail(
        to=to,
        subject=f"{settings.app_name}: set a new password",
        text=(
            "Somebody, probably you, has asked for a new password.\n\n"
            f"Set it here: {link(settings, 'password-reset', token)}\n\n"
            "If it was not you, do nothing: the old one stays.\n"
        ),
    )
