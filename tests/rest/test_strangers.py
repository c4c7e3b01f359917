"""No operation of the API tells a stranger anything, with both walls or with either one alone."""

from __future__ import annotations

import json
import logging
from typing import Any

import pytest

from tests.rest.calls import CALLS
from tests.rest.conftest import Robot
from tests.rest.sending import send
from tests.walls.canaries import everything_in, secrets_of
from tests.walls.looked import Looked
from tests.walls.one_wall import neither_wall
from tests.walls.rows import all_rows, rows_of
from tests.walls.test_database import _with_a_wall
from tests.walls.walking import undone
from tests.walls.world import IMPORTERS_SECRETS, World

STRANGERS = ("strange seller", "strange importer", "strange warehouse")


@pytest.fixture(scope="module")
def looked(town: World) -> dict[str, Looked]:
    """For each stranger the words that are not its own."""
    seller = secrets_of(town.seller.pk, town.stranger.pk)
    goods = secrets_of(town.importer.pk, town.other_importer.pk, with_goods=True)
    of_house = [town.lot.number, town.receipt.number]
    return {
        "strange seller": Looked(seller),
        "strange importer": Looked([*seller, *goods, *IMPORTERS_SECRETS]),
        "strange warehouse": Looked([*IMPORTERS_SECRETS, *of_house]),
    }


def _learned(
    robot: Robot,
    role: str,
    looked: Looked,
    places: dict[str, str],
    bodies: dict[str, Any],
) -> dict[str, str]:
    """Every operation by which a stranger is told a word of the canary, or finds its row at all."""
    found = {}
    for name, call in CALLS.items():
        if role not in call.who or not (call.is_owned or call.method == "GET"):
            continue
        answer = send(robot, call, places, bodies[name])
        path = call.path.format(**places)
        told = looked.found_in(everything_in(answer).replace(path, ""))
        if told or answer.status_code != (404 if call.is_owned else 200):
            found[name] = f"{answer.status_code} {told}"
    return found


@pytest.mark.parametrize("name", STRANGERS)
def test_a_stranger_finds_nothing_by_any_operation(
    town: World,
    robots: dict[str, Robot],
    places: dict[str, str],
    bodies: dict[str, Any],
    looked: dict[str, Looked],
    name: str,
) -> None:
    role = name.removeprefix("strange ")
    before = all_rows()

    assert _learned(robots[name], role, looked[name], places, bodies) == {}
    assert all_rows() == before


@pytest.mark.parametrize("name", STRANGERS)
def test_what_a_stranger_makes_or_changes_is_its_own_and_tells_it_nothing(
    town: World,
    robots: dict[str, Robot],
    places: dict[str, str],
    bodies: dict[str, Any],
    looked: dict[str, Looked],
    name: str,
) -> None:
    """The operations that name no row: with the canary's words and numbers in their bodies."""
    wrong, made, walled = {}, 0, sorted(_with_a_wall())
    canaries = (town.seller.pk, town.importer.pk)
    before = [rows_of(company, walled) for company in canaries]
    for one, call in CALLS.items():
        if name.removeprefix("strange ") not in call.who or call.is_owned or call.method == "GET":
            continue
        with undone():
            answer = send(robots[name], call, places, bodies[one])
            after = [rows_of(company, walled) for company in canaries]
        # What it wrote itself comes back to it.
        sent = json.dumps(bodies[one], ensure_ascii=False)
        told = [word for word in looked[name].found_in(everything_in(answer)) if word not in sent]
        made += answer.status_code < 300
        if told or after != before or answer.status_code >= 500:
            wrong[one] = f"{answer.status_code} {told} {after == before}"

    assert wrong == {}
    assert made >= 3


@pytest.mark.parametrize("name", STRANGERS)
def test_with_either_wall_alone_a_stranger_finds_nothing_by_any_operation(
    town: World,
    robots: dict[str, Robot],
    places: dict[str, str],
    bodies: dict[str, Any],
    looked: dict[str, Looked],
    name: str,
    one_wall: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    role = name.removeprefix("strange ")
    with caplog.at_level(logging.DEBUG):
        assert _learned(robots[name], role, looked[name], places, bodies) == {}, one_wall

    # The log names the address that was asked for.
    paths = sorted((call.path.format(**places) for call in CALLS.values()), key=len, reverse=True)
    logged = "\n".join(record.getMessage() for record in caplog.records)
    for path in paths:
        logged = logged.replace(path, "")
    assert looked[name].found_in(logged) == []


#: Operations by which a stranger would find the canary's rows if there were no wall.
_OF_INVITATIONS = {"get_invitation", "resend_invitation", "revoke_invitation"}
WITHOUT_WALLS: dict[str, set[str]] = {
    "strange seller": {
        *(*_OF_INVITATIONS, "get_retail_list", "list_retail_lists"),
        "tell_retail_list_anew",
        *("get_deposit", "list_deposits", "list_account_entries", "list_seller_accounts"),
        *("get_share_sheet", "get_retail_paper", "order_retail_papers"),
    },
    "strange importer": {
        *_OF_INVITATIONS,
        *("list_declarations", "get_declaration", "get_paper", "get_papers", "order_paper"),
        *("list_papers", "order_papers", "get_set_paper", "get_paper_set", "get_paper_sets"),
        *("release_papers", "link_papers", "ask_amendment", "ask_withdrawal", "drop_declaration"),
        *("get_collective_declaration", "get_collective_paper", "get_collective_set"),
        *("order_collective_papers", "lodge_collective_declaration"),
        *("release_collective_declaration", "reject_collective_declaration"),
        *("drop_collective_declaration", "ask_collective_amendment"),
        *("ask_collective_withdrawal",),
        *("get_counter_document", "accept_counter_document", "refuse_counter_document"),
        *("list_messages_out", "get_message_out", "retry_message_out", "list_receipts"),
        *("list_book_filings", "get_deadline", "meet_deadline", "draft_declaration"),
        *("list_export_lists", "get_export_list", "make_export_list_anew", "send_out_pass"),
        *("get_zone", "get_passes", "send_pass", "send_bonded_list", "change_bonded_list"),
        *("delete_bonded_list", "delete_export_list_at_customs"),
        *("lodge_declaration", "release_declaration", "reject_declaration", "redraft_declaration"),
    },
    "strange warehouse": {*_OF_INVITATIONS, "list_receipts"},
}


@pytest.mark.parametrize("name", sorted(WITHOUT_WALLS))
def test_with_neither_wall_these_operations_open(
    town: World,
    robots: dict[str, Robot],
    places: dict[str, str],
    bodies: dict[str, Any],
    looked: dict[str, Looked],
    name: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The control: these two walls hold, and each of them alone keeps all of these shut."""
    with undone():
        neither_wall(monkeypatch)
        role = name.removeprefix("strange ")
        found = _learned(robots[name], role, looked[name], places, bodies)
        monkeypatch.undo()

    assert set(found) == WITHOUT_WALLS[name]
