"""Forms as nobody should send them: strangers' names in them, bodies that are none, another's
session; and what was typed is text on every page that shows it."""

from __future__ import annotations

import os
from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any, cast
from urllib.parse import urlencode

import pytest
from django.http import HttpResponse
from django.test import Client

from accounts.middleware import _OPEN as OPEN
from accounts.middleware import PageOfAnotherCompany
from accounts.models import Company, Membership
from core.walls import platform_wide
from tests.factories.accounts import MembershipFactory, SellerFactory
from tests.walls.canaries import secrets_of
from tests.walls.forms import Form
from tests.walls.house import (
    WORKS_FOR_ALL,
    House,
    _with_files,
    furnished,
    names_of_others,
    rows_of_others,
)
from tests.walls.journal import journal
from tests.walls.looked import Looked
from tests.walls.test_every_form import SCRIPT, faults_of, is_refused
from tests.walls.walking import undone
from tests.walls.world import World
from warehouse.models import BondedWarehouse, Holding
from web.templatetags.acting import FIELD as ACTING_FOR

EVERY_ONE = bool(os.environ.get("BONDPOOL_EVERY_TEXT"))
#: Of the strangers' names, how many each field gets in a short run.
SOME = 1
#: These name no row: a language, a scope, an event, a way to be told, a tick.
NO_NAMES = {
    *("language", "scopes", "events", "saved", "remember", "is_admin", "kind", "kinds"),
    # Ticked, a count keeps in its place whatever it counts, whoever's it is.
    "freezes",
}


@pytest.fixture(scope="module")
def house(town: World) -> House:
    return furnished(town)


def _naming(form: Form) -> list[str]:
    return [
        one.name
        for one in form.fields.values()
        if one.names_something
        and one.name not in NO_NAMES
        and not one.name.startswith(("portal-", "mail-"))
        # The tick of a row that is put away, with the units of all its owners.
        and not (form.route == "warehouse/put-away/" and one.name.startswith("go_"))
        and "-is_" not in one.name
    ]


def _forged(house: House, others: list[str]) -> Iterator[tuple[Form, str, list[str]]]:
    """One name at a time, a few in a short run; and all of them at once.

    A key of a stranger's row may be what the form names anyway, the id of one's own warehouse.
    """
    at = 0
    for form in house.forms:
        for name in [] if form.person in WORKS_FOR_ALL else _naming(form):
            at += 1
            some = range(len(others)) if EVERY_ONE else range(at, at + 7 * SOME, 7)
            named = (others[n % len(others)] for n in some)
            own = str(house.filled(form).get(name))
            yield from ((form, name, [one]) for one in named if one != own)
            yield form, name, others


def _owners_at(house: BondedWarehouse) -> set[str]:
    """The names of those whose goods lie there."""
    owners = Company.objects.filter(pk__in=Holding.objects.filter(warehouse=house).values("owner"))
    return {name for one in owners for name in (one.name_zh, one.name_en)}


def test_a_strangers_name_in_a_form_changes_and_shows_nothing_of_the_stranger(
    house: House,
) -> None:
    world, others = house.world, names_of_others(house.world)
    with platform_wide():
        looked = Looked(secrets_of(world.stranger.pk, world.seller.pk))
        # A warehouse is told whose the goods are that it keeps.
        kept = {"warehouse": _owners_at(world.lot.warehouse)}
    wrong, sent = [], Counter[str]()
    for form, name, values in _forged(house, others):
        with undone():
            with journal() as told:
                answer = house.send(form, house.filled(form) | {name: values})
            after = rows_of_others(told.of_the_trade, world)
        sent[form.person] += 1
        faults = faults_of(form, answer, told)
        body = "" if answer.streaming else answer.content.decode(errors="replace")
        if shown := set(looked.found_in(body)) - {*values, *kept.get(form.person, ())}:
            faults.append(f"shows {sorted(shown)}")
        if after != rows_of_others(told.of_the_trade, world):
            faults.append(f"touched what is a stranger's in {sorted(told.of_the_trade)}")
        wrong += [f"{form.route}: {name}={values}: {one}" for one in faults]

    assert "\n".join(wrong) == ""
    assert set(sent) > {"seller", "importer", "warehouse"}


@pytest.mark.parametrize("name", ["seller", "importer", "warehouse", "finance"])
def test_a_membership_forged_into_a_session_opens_nothing_and_takes_no_form(
    house: House, name: str
) -> None:
    world = house.world
    (forged,) = world.people["stranger"].memberships.all()
    (own,) = world.people[name].memberships.select_related("company")
    with undone():
        client = house.enter(name)
        session = client.session
        session["membership"] = forged.pk
        session.save()
        with journal() as told:
            sent = client.post("/notices/settings/", {"saved": "1"})
        seen = client.get("/company/").content.decode()

    assert sent.status_code == 409
    assert told.of_the_trade == set()
    assert own.company.code in seen
    assert world.stranger.code not in seen


def test_nobody_acts_for_a_company_that_is_not_theirs(house: House) -> None:
    theirs = {
        name: {one.pk for one in house.world.people[name].memberships.all()}
        for name in ("seller", "importer", "warehouse", "two companies")
    }
    with platform_wide():
        everybodys = {
            pk
            for name in house.world.people
            for pk in house.world.people[name].memberships.values_list("pk", flat=True)
        }
    for name, mine in theirs.items():
        for pk in everybodys - mine:
            with undone():
                client = house.enter(name)
                assert client.post("/act-for/", {"membership": pk}).status_code == 404
                assert client.session.get("membership") != pk


def _second_company(house: House, person: str) -> Membership:
    """The same person does the same work for one more company."""
    mine = house.world.people[person].memberships.order_by("pk")[0]
    with platform_wide():
        return MembershipFactory.create(
            user=mine.user, role=mine.role, is_admin=True, company=SellerFactory.create()
        )


def test_every_form_is_taken_for_the_company_alone_whose_page_showed_it(house: House) -> None:
    """Two tabs: the form stands in one, and in the other its reader has gone over to another
    company."""
    world, wrong, sent = house.world, [], 0
    for form in house.forms:
        if not form.person or form.route.startswith(OPEN):
            continue
        if not world.people[form.person].memberships.exists():
            continue
        with undone():
            other = _second_company(house, form.person)
            client = house.enter(form.person, form.before)
            assert client.post("/act-for/", {"membership": other.pk}).status_code == 302
            values = _with_files(house.filled(form) | {ACTING_FOR: form.acting_for})
            with journal() as told:
                answer = cast(HttpResponse, client.post(form.action, values))
            faults = faults_of(form, answer, told)
            if answer.status_code != 409 or PageOfAnotherCompany.code not in answer.text:
                faults.append(f"taken with {answer.status_code}")
            wrong += [f"{form.route}: {one}" for one in faults]
        sent += 1

    assert "\n".join(wrong) == ""
    assert sent > 60


BODIES: dict[str, dict[str, Any]] = {
    "a body that is JSON": {"data": b'{"a": [1, {}]}', "content_type": "application/json"},
    "a body that is text": {"data": b"hello", "content_type": "text/plain"},
    "a body of no kind": {"data": b"\xff\x00\xfe", "content_type": "nonsense"},
    "a broken boundary": {"data": b"--x\r\n", "content_type": "multipart/form-data; boundary=x"},
    "no boundary": {"data": b"--x\r\n", "content_type": "multipart/form-data"},
    "another alphabet": {
        "data": b"a=%FF%FE&b=\x80",
        "content_type": "application/x-www-form-urlencoded; charset=nonsense",
    },
}


def _sent(
    client: Client, form: Form, body: bytes, kind: str, *, length: int | None = None
) -> HttpResponse:
    """A body as it is, and said to be as long as that."""
    said: dict[str, Any] = {"CONTENT_LENGTH": str(length)} if length else {}
    return cast(HttpResponse, client.generic("POST", form.action, body, kind, **said))


def test_a_body_that_is_no_form_is_refused_in_words(house: House) -> None:
    wrong, kinds = [], sorted(BODIES)
    for number, form in enumerate(house.forms):
        for what in kinds if EVERY_ONE else kinds[number % 6 :][:1]:
            body = BODIES[what]
            with undone(), journal() as told:
                client = house.enter(form.person, form.before)
                answer = _sent(client, form, body["data"], body["content_type"])
                faults = faults_of(form, answer, told)
            wrong += [f"{form.route}: {what}: {one}" for one in faults]

    assert "\n".join(wrong) == ""


def test_a_body_too_large_or_of_too_many_fields_is_refused_in_words(house: House) -> None:
    """Too large for anything; too large for a form without a file; a field a row of a table."""
    plain = "application/x-www-form-urlencoded"
    larger = b"a=" + b"x" * 10_600_000
    many = urlencode([(f"f{n}", "1") for n in range(10_001)]).encode()
    wrong = []
    for number, form in enumerate(house.forms):
        client = house.enter(form.person, form.before)
        for body, length, expected in (
            (b"a=1", 21_000_001, 413),
            (larger, None, 400),
            (many, None, 400),
        ):
            if length is None and number % 12 and not EVERY_ONE:
                continue
            with undone(), journal() as told:
                answer = _sent(client, form, body, plain, length=length)
            wrong += [f"{form.route}: {len(body)}: {one}" for one in faults_of(form, answer, told)]
            if answer.status_code != expected:
                wrong.append(f"{form.route}: {len(body)}: {answer.status_code}")

    assert "\n".join(wrong) == ""


def _is_taken(house: House, form: Form, names: list[str]) -> bool:
    with undone():
        return not is_refused(house.send(form, house.filled(form) | dict.fromkeys(names, SCRIPT)))


def _open_to_all(house: House) -> set[tuple[str, str]]:
    """Each page and who reads it; in a short run one of its readers, by turns."""
    readers = defaultdict(set)
    for one in house.pages:
        if not one.before and not one.sent:
            readers[one.path].add(one.person)
    return {
        (person, path)
        for number, (path, several) in enumerate(sorted(readers.items()))
        for turn, person in enumerate(sorted(several))
        if EVERY_ONE or turn == number % len(several)
    }


def test_what_was_typed_is_text_on_every_page_that_shows_it(house: House) -> None:
    """A script is put into every field that takes it; then everybody looks at everything."""
    shown: Counter[str] = Counter()
    wrong, taken, led_to = [], set(), set()
    last = "companies/<str:code>/decide/"
    with undone():
        for form in sorted(house.forms, key=lambda one: one.route == last):
            filled = house.filled(form)
            texts = [
                one.name for one in form.fields.values() if one.kind in {"text", "textarea", "tel"}
            ]
            good = texts if _is_taken(house, form, texts) else []
            good = good or [name for name in texts if _is_taken(house, form, [name])]
            if not good:
                continue
            answer = house.send(form, filled | dict.fromkeys(good, SCRIPT))
            if is_refused(answer):
                wrong.append(f"{form.route}: {good} together: {answer.status_code}")
                continue
            taken |= {(form.route, name) for name in good}
            if answer.status_code == 302:
                led_to.add((form.person, answer.headers["Location"]))
        for person, path in sorted(_open_to_all(house) | led_to):
            client = house.enter(person)
            seen = client.get(path)
            body = b"".join(seen).decode(errors="replace")
            if seen.status_code >= 500 or SCRIPT in body:
                wrong.append(f"{path} as {person}: {seen.status_code}")
            shown[path] += "&lt;script&gt;1" in body

    assert "\n".join(wrong) == ""
    assert len(taken) > 25, sorted(taken)
    assert sum(map(bool, shown.values())) > 15, sorted(shown)
