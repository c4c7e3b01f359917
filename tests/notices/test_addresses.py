"""Where a webhook may go: the open internet, by https, whatever a name says the second time."""

from __future__ import annotations

import socket
from typing import Any

import pytest

from accounts.models import Membership
from core.errors import DomainError
from notices import receiver
from notices.models import WebhookEndpoint
from notices.rules import (
    EndpointAddressWrong,
    EndpointNotPublic,
    TooManyEndpoints,
    check_url,
    may_be_called,
)
from notices.services import add_endpoint
from tests.notices.conftest import NOON
from tests.notices.receiving import receiving

WRONG: list[tuple[str, type[DomainError]]] = [
    ("http://shop.example.test/hook", EndpointAddressWrong),
    ("http://localhost/hook", EndpointAddressWrong),
    ("ftp://shop.example.test/", EndpointAddressWrong),
    ("file:///etc/passwd", EndpointAddressWrong),
    ("https://", EndpointAddressWrong),
    ("https:///hook", EndpointAddressWrong),
    ("https://user:word@shop.example.test/", EndpointAddressWrong),
    ("https://shop.example.test/#part", EndpointAddressWrong),
    ("https://shop.example.test:99999/", EndpointAddressWrong),
    ("https://shop.example.test/a b", EndpointAddressWrong),
    ("https://shop.example.test\\@127.0.0.1/", EndpointAddressWrong),
    ("https://shop.example.test/\r\nX-Evil: 1", EndpointAddressWrong),
    ("https://商店.example.test/", EndpointAddressWrong),
    ("https://shop.example.test/" + "x" * 500, EndpointAddressWrong),
    ("javascript:alert(1)", EndpointAddressWrong),
    ("https://10.0.0.1/", EndpointNotPublic),
    ("https://169.254.169.254/latest/meta-data/", EndpointNotPublic),
    ("https://[::1]/", EndpointNotPublic),
    ("https://[fd00::1]/", EndpointNotPublic),
    ("https://[::ffff:192.168.0.1]/", EndpointNotPublic),
    ("https://100.64.0.1/", EndpointNotPublic),
    ("https://0.0.0.0/", EndpointNotPublic),
    ("https://224.0.0.1/", EndpointNotPublic),
    ("https://127.0.0.1/", EndpointNotPublic),
    ("http://127.0.0.1:8000/hook", EndpointAddressWrong),
]


@pytest.mark.parametrize(("url", "refusal"), WRONG)
def test_an_address_that_leads_inside_is_refused(url: str, refusal: type[DomainError]) -> None:
    with pytest.raises(refusal):
        check_url(url, production=True)


def test_a_public_address_is_taken() -> None:
    check_url("https://shop.example.test:8443/hook?shop=1", production=True)
    check_url("https://93.184.216.34/", production=True)
    check_url("http://127.0.0.1:8000/hook", production=False)


@pytest.mark.parametrize(
    ("address", "production", "development"),
    [
        ("93.184.216.34", True, True),
        ("2606:2800:220:1::1", True, True),
        ("127.0.0.1", False, True),
        ("::1", False, True),
        ("::ffff:127.0.0.1", False, True),
        ("10.1.2.3", False, False),
        ("172.16.0.1", False, False),
        ("192.168.1.1", False, False),
        ("169.254.169.254", False, False),
        ("fe80::1%eth0", False, False),
        ("fc00::1", False, False),
        ("64:ff9b::a00:1", False, False),
        ("2002:a00:1::", False, False),
        ("0.0.0.1", False, False),
        ("255.255.255.255", False, False),
    ],
)
def test_which_resolved_addresses_may_be_called(
    address: str, production: bool, development: bool
) -> None:
    assert may_be_called(address, production=True) is production
    assert may_be_called(address, production=False) is development


def _resolving_to(*addresses: str) -> Any:
    """A name server that answers so; the machine's own knows no such name."""

    def answer(_host: str, port: int, **_told: Any) -> list[Any]:
        return [
            (socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in addresses
        ]

    return answer


@pytest.mark.parametrize(
    "addresses", [("10.0.0.7",), ("93.184.216.34", "127.0.0.1"), ("169.254.169.254",), ()]
)
def test_a_name_that_resolves_inside_is_not_called(
    addresses: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", _resolving_to(*addresses))
    reached: list[object] = []
    monkeypatch.setattr(socket, "create_connection", lambda *told: reached.append(told))

    answer = receiver.call("https://shop.example.test/hook", body="{}", headers={}, production=True)

    assert (answer.status, answer.error) == (None, "address not public")
    assert reached == []


def test_plain_http_is_not_called_in_production() -> None:
    with receiving() as shop:
        answer = receiver.call(shop.url, body="{}", headers={}, production=True)

    assert (answer.status, answer.error) == (None, "address not https")
    assert shop.got == []


def test_a_receiver_without_tls_is_told_apart() -> None:
    with receiving() as shop:
        answer = receiver.call(
            f"https://127.0.0.1:{shop.port}/", body="{}", headers={}, production=False, longest=3
        )

    assert (answer.status, answer.error) == (None, "no TLS")


@pytest.mark.django_db
def test_a_refused_address_leaves_nothing(clerk: Membership, settings: Any) -> None:
    settings.PRODUCTION = True
    with pytest.raises(EndpointNotPublic):
        _add(clerk, "https://10.0.0.1/")

    assert not WebhookEndpoint.objects.exists()


@pytest.mark.django_db
def test_a_company_has_ten_endpoints_at_most(clerk: Membership, neighbour: Membership) -> None:
    for n in range(10):
        _add(clerk, f"https://shop.example.test/{n}")
    _add(neighbour, "https://next.example.test/")

    with pytest.raises(TooManyEndpoints):
        _add(clerk, "https://shop.example.test/10")

    assert WebhookEndpoint.objects.filter(company=clerk.company).count() == 10


def _add(member: Membership, url: str) -> None:
    add_endpoint(
        company=member.company,
        role=member.role,
        url=url,
        events=["round.opened"],
        created_by=None,
        now=NOON,
    )
