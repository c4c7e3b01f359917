"""A message is signed with the secrets of its endpoint, old and new, as the documentation says."""

from __future__ import annotations

import base64
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from accounts.models import Membership
from notices.models import WebhookEndpoint
from notices.rules import TooManySecrets
from notices.services import ping, rotate_secret
from tests.notices.conftest import NOON
from tests.notices.hooking import an_endpoint, deliver, opened, signed_by
from tests.notices.receiving import Receiver

pytestmark = pytest.mark.django_db


def test_the_secret_is_kept_where_only_the_application_reads_it(
    clerk: Membership, shop: Receiver, as_text: Any
) -> None:
    _endpoint, secret = an_endpoint(clerk, shop.url)

    assert secret.startswith("whsec_")
    assert len(base64.b64decode(secret.removeprefix("whsec_"))) == 32
    assert secret not in as_text("notices_webhookendpoint")
    assert WebhookEndpoint.objects.get().secret == secret


def test_two_secrets_sign_for_a_day_after_a_rotation(clerk: Membership, shop: Receiver) -> None:
    endpoint, older = an_endpoint(clerk, shop.url)
    newer = rotate_secret(endpoint=endpoint, now=NOON)
    assert newer != older

    for at in (NOON, NOON + timedelta(hours=24)):
        ping(endpoint=endpoint, now=at)
        deliver(at)

    signatures = [got.headers["webhook-signature"].split(" ") for got in shop.got]
    expected = [
        [
            signed_by(secret, got.headers["webhook-id"], got.headers["webhook-timestamp"], got.body)
            for secret in secrets
        ]
        for got, secrets in zip(shop.got, [[newer, older], [newer]], strict=True)
    ]
    assert signatures == expected


def test_whichever_secret_is_installed_goes_on_signing_when_the_secret_is_changed_again(
    clerk: Membership, shop: Receiver
) -> None:
    endpoint, first = an_endpoint(clerk, shop.url)
    second = rotate_secret(endpoint=endpoint, now=NOON)
    third = rotate_secret(endpoint=endpoint, now=NOON + timedelta(hours=1))

    ping(endpoint=endpoint, now=NOON + timedelta(hours=1))
    deliver(NOON + timedelta(hours=1))

    (got,) = shop.got
    head = got.headers
    assert head["webhook-signature"].split(" ") == [
        signed_by(secret, head["webhook-id"], head["webhook-timestamp"], got.body)
        for secret in (third, second, first)
    ]


def test_a_fifth_secret_within_a_day_is_not_made(clerk: Membership, shop: Receiver) -> None:
    endpoint, _first = an_endpoint(clerk, shop.url)
    made = [rotate_secret(endpoint=endpoint, now=NOON) for _ in range(4)]
    before = WebhookEndpoint.objects.get()

    with pytest.raises(TooManySecrets):
        rotate_secret(endpoint=endpoint, now=NOON)

    after = WebhookEndpoint.objects.get()
    assert (after.secret, after.previous_secret) == (made[-1], before.previous_secret)
    assert rotate_secret(endpoint=endpoint, now=NOON + timedelta(days=1)) not in made


def test_the_check_that_the_documentation_prints_accepts_our_messages_only(
    clerk: Membership, shop: Receiver
) -> None:
    page = (Path(__file__).resolve().parents[2] / "docs/webhooks.md").read_text("utf-8")
    printed: dict[str, Any] = {}
    exec(page.partition("```python\n")[2].partition("```")[0], printed)  # noqa: S102 - our own page
    printed["time"] = SimpleNamespace(time=NOON.timestamp)
    _endpoint, secret = an_endpoint(clerk, shop.url)
    opened(clerk)
    deliver(NOON)

    (got,) = shop.got
    assert printed["is_ours"](secret, got.headers, got.body)
    assert not printed["is_ours"](secret, got.headers, got.body + b" ")
    printed["time"] = SimpleNamespace(time=lambda: NOON.timestamp() + 301)
    assert not printed["is_ours"](secret, got.headers, got.body)
