"""What the settings read from the outside: addresses of servers, and its secrets."""

import os
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured


def database_from_url(url: str) -> dict[str, Any]:
    """``postgresql://user:password@host:port/name?sslmode=require`` as Django wants it.

    A socket folder goes into ``?host=/run/postgresql``. Raises ImproperlyConfigured for
    anything but PostgreSQL; the message never repeats the password.
    """
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ImproperlyConfigured(
            f"{parts.scheme or 'nothing'}:// is no database for Bondpool: it needs postgresql://"
        )
    options = dict(parse_qsl(parts.query))
    name = unquote(parts.path.lstrip("/"))
    if not name or not parts.username:
        raise ImproperlyConfigured("a database address needs a user and a database name")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "HOST": options.pop("host", None) or unquote(parts.hostname or ""),
        "PORT": str(parts.port or options.pop("port", "")),
        "NAME": name,
        "USER": unquote(parts.username),
        "PASSWORD": unquote(parts.password or ""),
        "OPTIONS": options,
    }


def mail_from_url(url: str) -> dict[str, Any]:
    """``smtp://user:password@host:587?tls=1`` as Django's settings want it.

    Raises ImproperlyConfigured; the message never repeats the password.
    """
    parts = urlsplit(url)
    if parts.scheme != "smtp" or not parts.hostname:
        raise ImproperlyConfigured(f"{parts.scheme or 'nothing'}:// is no mail server: smtp://host")
    options = dict(parse_qsl(parts.query))
    return {
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or 587,
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_TLS": options.get("tls") == "1",
        "EMAIL_USE_SSL": options.get("ssl") == "1",
    }


#: What a checkout makes up for itself, and a site that people rely on must be told.
_TOLD_IN_PRODUCTION = (
    *("DATABASE_URL", "CELERY_BROKER_URL", "SECRET_KEY", "BONDPOOL_FIELD_KEYS"),
    *("BONDPOOL_DIGEST_KEY", "BONDPOOL_HOSTS", "BONDPOOL_PUBLIC_URL", "BONDPOOL_PROXIES"),
    *("EMAIL_URL", "EMAIL_FROM"),
)


def check_production(told: Mapping[str, str]) -> None:
    """Raises ImproperlyConfigured, naming all that is missing or not fit for production."""
    wrongs = [f"{name} is not set" for name in _TOLD_IN_PRODUCTION if not told.get(name)]
    if told.get("BONDPOOL_CLOCK_FILE"):
        wrongs.append("BONDPOOL_CLOCK_FILE is set: the demo's clock")
    if not told.get("BONDPOOL_PUBLIC_URL", "https:").startswith("https:"):
        wrongs.append("BONDPOOL_PUBLIC_URL does not begin with https")
    if wrongs:
        raise ImproperlyConfigured(f"BONDPOOL_PRODUCTION: {'; '.join(wrongs)}")


def kept_secret(path: Path, make: Callable[[], str]) -> str:
    """The secret of this checkout, made when there is none and readable by its owner alone."""
    try:
        return path.read_text("ascii").strip()
    except FileNotFoundError:
        pass
    path.parent.mkdir(parents=True, exist_ok=True)
    # Written beside and linked into place: of two commands that start at once, one wins and
    # both use its secret.
    descriptor, mine = tempfile.mkstemp(prefix=f"{path.name}.", dir=path.parent)  # mode 0600
    with os.fdopen(descriptor, "w") as file:
        file.write(make())
    try:
        os.link(mine, path)
    except FileExistsError:
        pass
    finally:
        os.unlink(mine)
    return path.read_text("ascii").strip()
