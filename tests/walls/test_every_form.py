"""Every form that a page of the house shows, sent as a person would, and as nobody should.

The forms are read from the pages themselves, so a new one is walked as soon as some page shows it;
one that no page of the walk shows fails by the name of its template or of its address.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest
from django.http import HttpResponse

from tests.test_house import ROOT
from tests.walls.addresses import TABLE
from tests.walls.forms import Form, words_of_refusal
from tests.walls.house import (
    House,
    furnished,
)
from tests.walls.journal import Journal, journal
from tests.walls.nasty import NASTY, TELLING
from tests.walls.walking import undone
from tests.walls.world import World

#: `make slow` sends everything to every field alone.
EVERY_ONE = bool(os.environ.get("BONDPOOL_EVERY_TEXT"))

#: They take no form: nothing is sent there by any page.
WITHOUT_A_FORM = {
    *("", "signup/sent/", "password/reset/sent/", "password/reset/done/", "account/closed/"),
    *("problems/", "problems/<str:code>", "api/docs/", "api/v1/openapi.json", "verify/"),
    *("01/<str:gtin>/10/<str:lot>/21/<str:serial>", "01/<str:gtin>/21/<str:serial>"),
    *("01/<str:gtin>/10/<str:lot>/21/<str:serial>/", "01/<str:gtin>/21/<str:serial>/"),
    *("voc/", "voc/btt/<slug:word>"),
    *("papers/<str:token>/", "papers/<str:token>/set.zip"),
    "papers/<str:token>/<str:document>.pdf",
}
#: What the walk's people cannot do rightly, and who shows that it can be done.
REFUSED_AS_THEY_ARE = {
    "login/passkey/": "a passkey signs: tests/browser/test_passkey.py",
    "account/passkeys/new/": "a passkey is made by a browser: tests/browser/test_passkey.py",
    "account/confirm/passkey/": "a passkey signs: tests/browser/test_passkey.py",
    "account/app/": "the code belongs to a secret just made: tests/accounts/test_second_factor.py",
    "login/second-factor/": "one of the two forms there wants a passkey",
    "retail-orders/<str:number>/return/": "its 30 days are over: tests/customs/test_returning.py",
    "buyers/erase/": "no order of the walk has ended: tests/warehouse/test_erasing.py",
    "people/<str:code>/members/<int:pk>/remove/": "the last who manages a company's people stays",
}

#: A refused order is news for the shop's own system, whoever sent it.
TOLD_OF = {"retail-orders/new/"}

SCRIPT = "<script>1"


@pytest.fixture(scope="module")
def house(town: World) -> House:
    return furnished(town)


def is_refused(answer: HttpResponse) -> bool:
    """Whether the page says that it was not taken."""
    if answer.status_code >= 400:
        return True
    return answer.status_code == 200 and bool(_words(answer))


def _words(answer: HttpResponse) -> list[str]:
    kind = answer.headers.get("Content-Type", "")
    if "json" in kind:
        # Who sends JSON to the gate is answered so.
        return [answer.content.decode()] if answer.status_code >= 400 else []
    if "html" not in kind:
        return []
    return words_of_refusal(answer.content.decode(), status=answer.status_code)


def faults_of(form: Form, answer: HttpResponse, told: Journal) -> list[str]:
    """What is wrong with an answer, whatever was sent."""
    if answer.status_code >= 500:
        return [f"crashed with {answer.status_code}"]
    if not is_refused(answer):
        return []
    faults = []
    if not _words(answer):
        faults.append(f"{answer.status_code} without a word")
    written = told.of_the_trade
    if form.route in TOLD_OF:
        written = {one for one in written if not one.startswith("notices_")}
    if written:
        faults.append(f"{answer.status_code}, and wrote to {sorted(written)}")
    return faults


def walked(house: House, sendings: Iterator[tuple[str, Form, Any, dict[str, Any]]]) -> list[str]:
    """What went wrong when these were sent, each into the same world.

    What was taken must not close the page that shows it.
    """
    wrong = []
    for what, form, values, more in sendings:
        with undone():
            with journal() as told:
                answer = house.send(form, values, **more)
                wrong += [f"{form.route}: {what}: {one}" for one in faults_of(form, answer, told)]
            if answer.status_code != 302 or not told.of_the_trade:
                continue
            for path in {answer.headers["Location"], form.page}:
                seen = house.enter(form.person).get(path)
                if seen.status_code >= 500:
                    wrong.append(f"{form.route}: {what}: then {path} is {seen.status_code}")
    return wrong


def test_no_form_is_forgotten(house: House) -> None:
    written = {
        str(file).rpartition("/templates/")[2]
        for folder in ("platform", "procurement", "warehouse", "customs", "traceability")
        for file in (ROOT / folder).rglob("*.html")
        if "<form" in file.read_text()
    }
    reached = {one.route for one in house.forms}
    taking = {route for route, one in TABLE.items() if one.write or one.public}

    assert written - house.templates == set(), "no page of the walk shows these"
    assert taking - reached - WITHOUT_A_FORM == set(), "no form of the walk is sent there"


def test_every_form_is_taken_as_a_person_fills_it_in(house: House) -> None:
    """Otherwise what is sent below would never get past the first check."""
    refused = []
    for form in house.forms:
        with undone():
            answer = house.send(form, house.filled(form))
        if is_refused(answer) and form.route not in REFUSED_AS_THEY_ARE:
            refused.append(f"{form.route}: {answer.status_code} {_words(answer)}")

    assert "\n".join(refused) == ""


def _texts(house: House) -> Iterator[tuple[str, Form, Any, dict[str, Any]]]:
    """Into all fields of a form at once, and into one with the others filled in rightly.

    In a short run a form meets one in twenty of the texts, and every eighth field one of those
    that tell most.
    """
    fields = 0
    for at, form in enumerate(house.forms):
        written = [one.name for one in form.fields.values() if one.is_written]
        if not written:
            continue
        filled = house.filled(form)
        for turn, text in enumerate(NASTY):
            if EVERY_ONE or (at + turn) % 20 == 0:
                yield f"{text[:20]!r} everywhere", form, filled | dict.fromkeys(written, text), {}
        for name in written:
            fields += 1
            told = TELLING[fields // 8 % len(TELLING) :][: fields % 8 == 0]
            at_most = TELLING if EVERY_ONE else told
            for text in at_most:
                yield f"{text[:20]!r} in {name}", form, filled | {name: text}, {}


def test_whatever_is_typed_into_a_form_is_taken_or_refused_in_words(house: House) -> None:
    assert "\n".join(walked(house, _texts(house))) == ""


def _missing(house: House) -> Iterator[tuple[str, Form, Any, dict[str, Any]]]:
    for form in house.forms:
        yield "nothing", form, {}, {}
        filled = house.filled(form)
        for name in filled:
            if EVERY_ONE:
                rest = {key: value for key, value in filled.items() if key != name}
                yield f"without {name}", form, rest, {}


def test_a_form_with_fields_missing_is_taken_or_refused_in_words(house: House) -> None:
    assert "\n".join(walked(house, _missing(house))) == ""
