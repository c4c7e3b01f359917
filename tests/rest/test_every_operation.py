"""Every operation of the API, with every method and every kind of token, and with bad input.

Nothing here names an operation: what is in ``calls.py`` is walked, and what is in the API and not
in there fails by its name (``test_walls.py``).
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from itertools import cycle, islice
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import resolve

from accounts.models import Company, CompanyStatus
from config.api import api
from core.walls import platform_wide
from rest import rules
from rest.models import ApiToken
from rest.serving import MOST_JSON_BYTES, Need, need_of
from tests.factories.accounts import MembershipFactory
from tests.rest.calls import CALLS, Call, names
from tests.rest.conftest import Robot, token_for
from tests.rest.test_walls import _FORM
from tests.walls.canaries import Looked, everything_in, secrets_of
from tests.walls.one_wall import neither_wall
from tests.walls.rows import all_rows, rows_of
from tests.walls.test_database import _with_a_wall
from tests.walls.walking import METHODS, undone
from tests.walls.world import IMPORTERS_SECRETS, SETTLES, World

ROLES = ("seller", "importer", "finance")
_FILE = _FORM + (
    b'--b\r\nContent-Disposition: form-data; name="file"; filename="f.csv"\r\n\r\n'
    b"quarter,sku,forecast_units\n2026-Q4,MILK,24\n\r\n--b--\r\n"
)
#: Texts that did harm somewhere: a script, a formula, a name of ten thousand letters, text that
#: turns round, no text at all.
BAD_TEXTS = (
    "<script>alert(1)</script>",
    "=HYPERLINK(1)",
    "\u540d" * 10_000,
    "\u202e\u2066abc\u05d0\u05d1",
    "\x00",
    "",
)


@pytest.fixture(scope="module")
def places(town: World) -> dict[str, str]:
    with platform_wide():
        return names(town)


@pytest.fixture(scope="module")
def bodies(town: World) -> dict[str, Any]:
    with platform_wide():
        return {name: call.body(town) if call.body else None for name, call in CALLS.items()}


@pytest.fixture(scope="module")
def robots(town: World) -> dict[str, Robot]:
    """One good token for each role, and one of each kind that opens nothing."""
    made: dict[str, Robot] = {}
    with platform_wide():
        for role in (*ROLES, "warehouse", "operator"):
            person = town.people[role]
            company = person.memberships.get().company
            made[role] = Robot(token_for(company, role, person))
        made["strange seller"] = Robot(token_for(town.stranger, "seller", town.people["stranger"]))
        made["strange importer"] = Robot(
            token_for(town.other_importer, "importer", town.people["other_importer"])
        )
        keeper = town.people["strange warehouse"]
        house = keeper.memberships.get().company
        made["strange warehouse"] = Robot(token_for(house, "warehouse", keeper))
        seller = town.people["seller"]
        leaver = MembershipFactory.create(company=town.seller, role="seller")
        made["left"] = Robot(token_for(town.seller, "seller", leaver.user))
        for kind in ("expired", "revoked"):
            made[kind] = Robot(token_for(town.seller, "seller", seller))
        _token(made["expired"]).update(
            created_at=SETTLES - timedelta(days=9), expires_at=SETTLES - timedelta(days=1)
        )
        _token(made["revoked"]).update(revoked_at=SETTLES, revoked_by=seller)
        # The first use is noted; the clock stands, so no later one is.
        for robot in made.values():
            robot.get("me")
        leaver.ended_at = SETTLES
        leaver.save()
        made["unknown"] = Robot(rules.with_check("0" * 32))
        made["nobody"] = Robot("")
    return made


def _token(robot: Robot) -> Any:
    return ApiToken.objects.filter(digest=rules.digest(robot.text))


def _send(
    robot: Robot, call: Call, places: dict[str, str], body: Any, key: str = "walk", **heads: str
) -> Any:
    if call.method != "GET":
        heads = {"idempotency_key": key, "if_match": "*", **heads}
    if call.is_file:
        heads.setdefault("content_type", "multipart/form-data; boundary=b")
        body = _FILE if body is None else body
    return robot(call.method, call.path.format(**places), body, **heads)


def _role(call: Call) -> str:
    return (call.has or call.who)[0]


def _problem(answer: Any) -> tuple[int, str]:
    kind = answer.get("Content-Type", "")
    return answer.status_code, answer.json()["code"] if "problem+json" in kind else kind


def _schema() -> dict[str, dict[str, Any]]:
    """Operation -> what the schema says of it."""
    told = api.get_openapi_schema(path_prefix="/api/v1/")
    return {one["operationId"]: one for path in told["paths"].values() for one in path.values()}


def _needs() -> dict[str, Need]:
    """Operation -> what it needs of a request."""
    return {
        operation.operation_id or operation.view_func.__name__: need_of(operation.view_func)
        for _prefix, router in api._routers
        for view in router.path_operations.values()
        for operation in view.operations
    }


def _heads_of(told: dict[str, Any]) -> set[str]:
    return {one["name"] for one in told["parameters"] if one["in"] == "header"}


REFUSED = {
    "nobody": (401, "rest.token_unknown"),
    "unknown": (401, "rest.token_unknown"),
    "expired": (401, "rest.token_expired"),
    "revoked": (401, "rest.token_revoked"),
    "left": (401, "rest.token_without_member"),
}


def test_a_token_that_is_no_good_opens_no_operation(
    town: World, robots: dict[str, Robot], places: dict[str, str], bodies: dict[str, Any]
) -> None:
    before, wrong = all_rows(), []
    for kind, refusal in REFUSED.items():
        for name, call in CALLS.items():
            answer = _send(robots[kind], call, places, bodies[name])
            if _problem(answer) != refusal or "\u91d1\u4e1d\u96c0" in everything_in(answer):
                wrong.append(f"{kind} {name}: {_problem(answer)}")
    signed_out = Client()
    for name, call in CALLS.items():
        answer = signed_out.generic(call.method, f"/api/v1/{call.path.format(**places)}")
        if _problem(answer) != (401, "rest.not_signed_in"):
            wrong.append(f"signed out {name}: {_problem(answer)}")

    assert "\n".join(wrong) == ""
    assert all_rows() == before


def test_a_token_opens_no_operation_of_a_scope_it_lacks(
    town: World, robots: dict[str, Robot], places: dict[str, str], bodies: dict[str, Any]
) -> None:
    told, wrong = _schema(), []
    narrow: dict[str, Robot] = {}
    for name, call in CALLS.items():
        scope = told[name].get("x-scope", "")
        role = _role(call)
        if not scope:
            continue
        if f"{role} {scope}" not in narrow:
            person = town.people[role]
            with platform_wide():
                company = person.memberships.get().company
                others = [one for one in rules.scopes_of(role) if one != scope]
                narrow[f"{role} {scope}"] = Robot(token_for(company, role, person, *others))
        answer = _send(narrow[f"{role} {scope}"], call, places, bodies[name])
        if _problem(answer) != (403, "rest.scope_missing") or scope not in answer.content.decode():
            wrong.append(f"{name}: {_problem(answer)}")

    assert "\n".join(wrong) == ""
    assert len(narrow) > 10


def test_every_address_answers_every_method(
    town: World, robots: dict[str, Robot], places: dict[str, str]
) -> None:
    """HEAD where there is GET, OPTIONS everywhere, and 405 with what is right for the others."""
    by_route: dict[str, dict[str, Call]] = {}
    for call in CALLS.values():
        route = resolve(f"/api/v1/{call.path.format(**places)}").route
        by_route.setdefault(route, {})[call.method] = call
    wrong = []
    for calls in by_route.values():
        path = next(iter(calls.values())).path.format(**places)
        takes = {*calls, "OPTIONS"} | ({"HEAD"} if "GET" in calls else set())
        allow = ", ".join(sorted(takes))
        robot = robots[next(iter(calls.values())).who[0]]
        for method in {*METHODS, "TRACE"} - set(calls):
            answer = robot(method, path)
            if method == "HEAD" and "GET" in calls:
                is_right = answer.status_code == robot.get(path).status_code
            elif method == "OPTIONS":
                anybody = Client().options(f"/api/v1/{path}")
                is_right = (anybody.status_code, anybody["Allow"]) == (204, allow)
            else:
                is_right = (answer.status_code, answer["Allow"]) == (405, allow)
                # An answer to HEAD has no body, whatever it says.
                is_told = method == "HEAD" or _problem(answer)[1] == "rest.wrong_method"
                is_right = is_right and is_told
            if not is_right:
                wrong.append(f"{method} {path}: {answer.status_code} {answer.get('Allow')}")

    assert "\n".join(wrong) == ""
    assert Client().options("/api/v1/nothing").status_code == 404


@contextmanager
def _suspended(company: Company) -> Iterator[None]:
    with undone():
        Company.objects.filter(pk=company.pk).update(status=CompanyStatus.SUSPENDED)
        yield


def test_a_suspended_company_reads_and_changes_nothing_by_any_operation(
    town: World, robots: dict[str, Robot], places: dict[str, str], bodies: dict[str, Any]
) -> None:
    wrong, needs, refusal = [], _needs(), (409, "accounts.company_suspended")
    for role, company in (("seller", town.seller), ("importer", town.importer)):
        with _suspended(company):
            before = all_rows()
            for name, call in CALLS.items():
                if role not in (call.has or call.who) or call.method == "GET":
                    continue
                with undone():
                    answer = _send(robots[role], call, places, bodies[name])
                if (_problem(answer) == refusal) == needs[name].any_standing:
                    wrong.append(f"{role} {name}: {_problem(answer)}")
            assert all_rows() == before
            for name, call in CALLS.items():
                if role in (call.has or call.who) and call.method == "GET":
                    answer = _send(robots[role], call, places, None)
                    # A file that was made for it is withheld.
                    if answer.status_code != (409 if name == "get_job_file" else 200):
                        wrong.append(f"{role} {name}: {_problem(answer)}")

    assert "\n".join(wrong) == ""


def test_a_company_or_owner_that_is_forged_into_a_body_is_a_field_that_is_not_known(
    town: World, robots: dict[str, Robot], places: dict[str, str], bodies: dict[str, Any]
) -> None:
    wrong = []
    before = all_rows()
    for name, call in CALLS.items():
        body = bodies[name]
        if not isinstance(body, dict):
            continue
        for forged in ("company", "company_id", "owner_id", "seller_id", "importer", "role"):
            answer = _send(robots[_role(call)], call, places, {**body, forged: town.stranger.pk})
            if _problem(answer) != (422, "rest.invalid") or forged not in answer.content.decode():
                wrong.append(f"{name} {forged}: {_problem(answer)}")

    assert "\n".join(wrong) == ""
    assert all_rows() == before


def test_a_body_of_another_kind_or_size_is_not_read(
    town: World, robots: dict[str, Robot], places: dict[str, str], bodies: dict[str, Any]
) -> None:
    wrong = []
    before = all_rows()
    long_json = b'{"a": "' + b"x" * MOST_JSON_BYTES + b'"}'
    for name, call in CALLS.items():
        robot = robots[_role(call)]
        if isinstance(bodies[name], dict):
            for kind in ("text/plain", "application/x-www-form-urlencoded", "text/xml", "x"):
                answer = _send(robot, call, places, bodies[name], content_type=kind)
                if _problem(answer) != (415, "rest.wrong_type"):
                    wrong.append(f"{name} {kind}: {_problem(answer)}")
            answer = _send(robot, call, places, long_json)
            if _problem(answer) != (413, "rest.too_large"):
                wrong.append(f"{name} large: {_problem(answer)}")
        if call.is_file:
            answer = _send(robot, call, places, b"{}", content_type="application/json")
            if answer.status_code != 422:
                wrong.append(f"{name} json for a file: {_problem(answer)}")
        # Nothing stands behind the header: whoever read on would fail.
        answer = robot.client.generic(
            call.method,
            f"/api/v1/{call.path.format(**places)}",
            headers={"authorization": f"Bearer {robot.text}"},
            CONTENT_LENGTH=str(settings.BONDPOOL_API_MOST_BYTES + 1),
        )
        if _problem(answer) != (413, "rest.too_large"):
            wrong.append(f"{name} header: {_problem(answer)}")

    assert "\n".join(wrong) == ""
    assert all_rows() == before


def test_a_change_of_what_was_read_too_long_ago_is_refused_by_every_operation(
    town: World, robots: dict[str, Robot], places: dict[str, str], bodies: dict[str, Any]
) -> None:
    told, wrong, asked = _schema(), [], 0
    before = all_rows()
    for name, call in CALLS.items():
        if "If-Match" not in _heads_of(told[name]):
            continue
        robot, asked = robots[_role(call)], asked + 1
        stale = _send(robot, call, places, bodies[name], if_match='"stale"')
        path = call.path.format(**places)
        without = robot(call.method, path, bodies[name], idempotency_key="walk")
        if _problem(stale) != (412, "rest.changed"):
            wrong.append(f"{name} stale: {_problem(stale)}")
        if _problem(without) != (428, "rest.if_match_missing"):
            wrong.append(f"{name} without: {_problem(without)}")

    assert "\n".join(wrong) == ""
    assert asked >= 10
    assert all_rows() == before


def test_a_key_that_is_sent_again_has_one_effect_in_every_operation_that_creates(
    town: World, robots: dict[str, Robot], places: dict[str, str], bodies: dict[str, Any]
) -> None:
    told, wrong, made = _schema(), [], []
    for name, call in CALLS.items():
        if "Idempotency-Key" not in _heads_of(told[name]):
            continue
        robot, body = robots[_role(call)], bodies[name]
        with undone():
            first = _send(robot, call, places, body, key="again")
            between = all_rows()
            again = _send(robot, call, places, body, key="again")
            if (again.status_code, again.content) != (first.status_code, first.content):
                wrong.append(f"{name}: {_problem(first)}, then {_problem(again)}")
            if all_rows() != between:
                wrong.append(f"{name} had a second effect")
            if first.status_code >= 400:
                continue
            made.append(name)
            other = _send(robot, call, places, {"another": "body"}, key="again")
            if call.is_file:
                changed = _FILE.replace(b"24", b"25")
                other = _send(robot, call, places, changed, key="again")
            if _problem(other) != (409, "rest.key_reused"):
                wrong.append(f"{name} with another body: {_problem(other)}")
        missing = robot(call.method, call.path.format(**places), body, if_match="*")
        if _problem(missing)[0] not in {400, 422}:
            wrong.append(f"{name} without a key: {_problem(missing)}")

    assert "\n".join(wrong) == ""
    assert len(made) >= 5, made


def _spoilt(body: Any) -> Iterator[Any]:
    """The body with each bad text in all its fields, and in each field alone with two of them."""
    whole, bad = json.dumps(body), cycle(BAD_TEXTS)
    found = sorted(set(_texts(body)))
    for one in BAD_TEXTS if found else ():
        spoilt = whole
        for text in found:
            spoilt = spoilt.replace(json.dumps(text), json.dumps(one))
        yield json.loads(spoilt)
    for text in found:
        for one in islice(bad, 2):
            yield json.loads(whole.replace(json.dumps(text), json.dumps(one)))


def _texts(told: Any) -> Iterator[str]:
    if isinstance(told, dict):
        told = list(told.values())
    if isinstance(told, list):
        for one in told:
            yield from _texts(one)
    elif isinstance(told, str):
        yield told


def test_a_bad_text_in_any_field_is_taken_as_text_or_refused_in_words(
    town: World, robots: dict[str, Robot], places: dict[str, str], bodies: dict[str, Any]
) -> None:
    wrong, asked = [], 0
    for name, call in CALLS.items():
        for body in _spoilt(bodies[name]):
            asked += 1
            with undone():
                answer = _send(robots[_role(call)], call, places, body, key=f"bad-{asked}")
            kind = answer.get("Content-Type", "")
            is_data = kind.startswith("application/") and "html" not in kind
            is_safe = is_data and answer["X-Content-Type-Options"] == "nosniff"
            if answer.status_code >= 500 or not is_safe:
                wrong.append(f"{name} {str(body)[:60]}: {answer.status_code} {kind}")

    assert "\n".join(wrong) == ""
    assert asked > 100


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
        answer = _send(robot, call, places, bodies[name])
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
            answer = _send(robots[name], call, places, bodies[one])
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
_OF_INVITATIONS = {
    *("list_invitations", "get_invitation", "resend_invitation", "revoke_invitation"),
}
WITHOUT_WALLS: dict[str, set[str]] = {
    # That somebody is invited tells no word that a seller must not know.
    "strange seller": {
        *(_OF_INVITATIONS - {"list_invitations"}),
        *("get_retail_list", "list_retail_lists"),
    },
    "strange importer": {
        *_OF_INVITATIONS,
        *("list_declarations", "get_declaration", "get_paper", "get_papers", "order_paper"),
        *("lodge_declaration", "release_declaration", "reject_declaration", "redraft_declaration"),
    },
    "strange warehouse": _OF_INVITATIONS,
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
