"""What a stranger learns: nothing, in no page, file, head, mail or log; with one wall as with two.

Every text in the canary's own rows is looked for (``canaries.py``), and every address is asked.
"""

from __future__ import annotations

import logging

import pytest
from django.core import mail

from core.walls import platform_wide
from jobs import tasks as jobs
from jobs.models import Job, JobState
from jobs.services import exporting
from notices import tasks as notices
from tests.walls.addresses import PEOPLE, Address, Person
from tests.walls.canaries import everything_in, readable, secrets_of
from tests.walls.looked import Looked
from tests.walls.one_wall import neither_wall
from tests.walls.rows import all_rows
from tests.walls.walking import Walker, is_turned_away, is_wrong, table_of_the_house, undone
from tests.walls.world import IMPORTERS_SECRETS, SELLERS_SECRETS, World
from web.tables import tables

STRANGERS = ("strange seller", "strange importer", "strange warehouse")
#: What an item's own public page tells is tested with traceability; these two end the session.
NOT_ASKED = ("01/", "logout/", "language/")

Table = dict[str, tuple[Address, str]]


@pytest.fixture(scope="module")
def table(town: World) -> Table:
    return table_of_the_house(town)


@pytest.fixture(scope="module")
def looked(town: World) -> dict[str, Looked]:
    """For each stranger, and for the canary itself, the words that are not the stranger's."""
    seller = secrets_of(town.seller.pk, town.stranger.pk)
    of_goods = secrets_of(town.importer.pk, town.other_importer.pk, with_goods=True)
    everything = Looked([*seller, *of_goods, *IMPORTERS_SECRETS])
    found = dict.fromkeys(("strange importer", "nobody", "left"), everything)
    found["strange warehouse"] = Looked([*IMPORTERS_SECRETS, town.lot.number, town.receipt.number])
    found["strange seller"] = Looked([*seller, *SELLERS_SECRETS])
    assert min(len(found[one].secrets) for one in ("strange seller", "strange importer")) > 40
    return found


def _person(name: str) -> Person:
    return next(one for one in PEOPLE if one.name == name)


def learned(
    town: World, table: Table, name: str, looked: Looked, *, only_owned: bool = False
) -> list[str]:
    """Every address where a stranger is told a word of the canary, or finds its row at all."""
    person, found = _person(name), []
    walker = Walker.of(person, town)
    for route, (address, path) in table.items():
        is_theirs = person.role in address.read | address.write
        if route.startswith(NOT_ASKED) or (only_owned and not is_theirs):
            continue
        for method in ("GET", "POST", "HEAD") if address.is_owned else ("GET", "POST"):
            answer = walker.ask(method, path)
            # The page repeats the address that was asked for; nothing is learned from that. And
            # the examples of the API's reference are made up.
            text = "" if route.startswith("api/") else everything_in(answer).replace(path, "")
            told = looked.found_in(text)
            opened = address.is_owned and not is_turned_away(answer)
            if told or opened or is_wrong(route, address, person, method, answer):
                found.append(f"{method} {route}: {answer.status_code} {told}")
    return found


@pytest.mark.parametrize("name", [*STRANGERS, "nobody", "left"])
def test_a_stranger_learns_nothing_and_changes_nothing(
    town: World,
    table: Table,
    looked: dict[str, Looked],
    name: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    before = all_rows()
    with caplog.at_level(logging.DEBUG):
        assert "\n".join(learned(town, table, name, looked[name])) == ""

    assert all_rows() == before
    paths = sorted((path for _address, path in table.values()), key=len, reverse=True)
    for record in caplog.records:
        told = record.getMessage()
        for path in paths:
            told = told.replace(path, "")
        assert looked[name].found_in(told) == [], record.name
    assert [message.subject for message in mail.outbox] == []


SHOWN_ONCE = {"notices/<int:pk>/", "tokens/<int:pk>/made/"}
#: A photograph has no words; that it is there for its owner, test_every_url.py sees.
WORDLESS = {"stock/pictures/<int:pk>.jpg"}


def test_the_canary_finds_its_words_at_each_of_its_addresses(
    town: World, table: Table, looked: dict[str, Looked]
) -> None:
    """Otherwise the tests here would find nothing because there is nothing to find."""
    silent = []
    for name, stranger in (("seller", "strange seller"), ("importer", "strange importer")):
        walker = Walker.of(_person(name), town)
        for route, (address, path) in table.items():
            if address.owner != name or name not in address.read:
                continue
            with undone():
                answer = walker.ask("GET", path)
                # A notice leads to the page it tells of; that it was read is all there is.
                # A token is shown once, to whom it was made for.
                is_told = route in SHOWN_ONCE | WORDLESS or "/passkeys/" in route
                if not is_told and not looked[stranger].found_in(everything_in(answer)):
                    silent.append(f"{route}: {answer.status_code}")

    assert "\n".join(silent) == ""


@pytest.mark.parametrize("name", STRANGERS)
def test_with_either_wall_alone_a_stranger_still_learns_nothing(
    town: World, table: Table, looked: dict[str, Looked], name: str, one_wall: str
) -> None:
    assert "\n".join(learned(town, table, name, looked[name], only_owned=True)) == ""


#: Pages that would tell a stranger of the canary if there were no wall. The others are filtered by
#: hand as well.
_RECEIPTS = {
    *("customs/receipts/", "customs/receipts/<int:pk>/"),
    *("customs/receipts/files/", "customs/receipts/files/<int:pk>/"),
}
WITHOUT_WALLS: dict[str, set[str]] = {
    "strange seller": {
        *("people/", "retail-lists/", "retail-lists/<str:number>/"),
        "deposits/<str:number>/",
        "retail-lists/<str:number>/papers/<str:document>.pdf",
        *("customs/share-sheets/<str:document>.pdf", "customs/tax-bills/"),
    },
    "strange importer": {
        "people/",
        "customs/declarations/",
        "customs/declarations/<str:reference>/",
        "customs/declarations/<str:reference>.pdf",
        "customs/declarations/<str:reference>/amend/",
        "customs/declarations/<str:reference>/withdraw/",
        "customs/declarations/<str:reference>/bonded-list/",
        "customs/declarations/<str:reference>/papers/",
        "customs/declarations/<str:reference>/papers/<str:document>.pdf",
        "customs/declarations/<str:reference>/papers/set.zip",
        "customs/collective/<str:reference>/",
        "customs/collective/<str:reference>/amend/",
        "customs/collective/<str:reference>/withdraw/",
        "customs/collective/<str:reference>/papers/<str:document>.pdf",
        "customs/collective/<str:reference>/papers-<str:language>.zip",
        *("customs/filings/", "customs/tax-bills/"),
        *("customs/exports/", "customs/exports/<str:number>/"),
        *("customs/gateways/", "customs/gateways/<slug:code>/"),
        *("customs/messages/", "customs/messages/<str:number>/"),
        *_RECEIPTS,
    },
    "strange warehouse": {"people/", *_RECEIPTS},
}


@pytest.mark.parametrize("name", sorted(WITHOUT_WALLS))
def test_with_neither_wall_these_pages_open(
    town: World,
    table: Table,
    looked: dict[str, Looked],
    name: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The control: these two walls hold, and each of them alone keeps all of these shut."""
    person, found = _person(name), set()
    walker = Walker.of(person, town)
    with undone():
        neither_wall(monkeypatch)
        for route, (address, path) in table.items():
            if person.role not in address.read or route.startswith((*NOT_ASKED, "api/")):
                continue
            answer = walker.ask("GET", path)
            told = looked[name].found_in(everything_in(answer).replace(path, ""))
            if told or (address.is_owned and not is_turned_away(answer)):
                found.add(route)
        monkeypatch.undo()

    assert found == WITHOUT_WALLS[name]


@pytest.mark.parametrize("name", STRANGERS)
def test_no_file_of_a_stranger_holds_a_word_made_at_once_or_by_a_worker(
    town: World,
    looked: dict[str, Looked],
    name: str,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    walker, found, asked = Walker.of(_person(name), town), [], 0
    # A list within one thing is reached through its page, which is asked above.
    role = _person(name).role
    mine = [one for one in tables().values() if role in one.roles and not one.within]
    with undone(), caplog.at_level(logging.DEBUG):
        for at_once in (5_000, -1):
            monkeypatch.setattr(exporting, "AT_ONCE", at_once)
            for one in mine:
                for kind in ("csv", "xlsx"):
                    answer = walker.ask("POST", f"/lists/{one.key}/file/", {"kind": kind})
                    assert answer.status_code == (200 if at_once > 0 else 302), one.key
                    asked += 1
                    if told := looked[name].found_in(everything_in(answer)):
                        found.append(f"{one.key}.{kind}: {told}")
                # Only so many may wait at once.
                jobs.work()
        with platform_wide():
            done = list(Job.objects.filter(user=town.people[name]))
        assert {job.state for job in done} == {JobState.DONE}
        for job in done:
            answer = walker.ask("GET", f"/jobs/{job.public_id}/file/")
            if told := looked[name].found_in(everything_in(answer)):
                found.append(f"{job.result_name}: {told}")

    assert "\n".join(found) == ""
    assert (len(done), asked) == (2 * len(mine), 4 * len(mine))
    assert looked[name].found_in("\n".join(one.getMessage() for one in caplog.records)) == []


def test_no_mail_to_a_stranger_holds_a_word_and_no_log_tells_of_a_buyer(
    town: World, looked: dict[str, Looked], caplog: pytest.LogCaptureFixture
) -> None:
    with undone(), caplog.at_level(logging.DEBUG):
        notices.look_at_the_clock()
        notices.tell_admissions()
        notices.send_mails()
        told = {
            address: readable(bytes(one.message())) for one in mail.outbox for address in one.to
        }

    for name in STRANGERS:
        mine = town.people[name].email
        assert looked[name].found_in(told.get(mine, "").replace(mine, "")) == []
    assert town.people["strange seller"].email in told
    assert looked["strange seller"].found_in(told[town.people["seller"].email]) != []
    logged = "\n".join(record.getMessage() for record in caplog.records)
    assert Looked(["金丝雀", "360426199101010071", "7919"]).found_in(logged) == []
