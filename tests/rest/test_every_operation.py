"""Every operation of the API, with every method and every kind of token, and with bad input.

Nothing here names an operation: what is in ``calls.py`` is walked, and what is in the API and not
in there fails by its name (``test_walls.py``).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import cycle, islice
from typing import Any

from django.conf import settings
from django.test import Client
from django.urls import resolve

from accounts.models import Company, CompanyStatus
from core.walls import platform_wide
from rest import rules
from rest.serving import MOST_JSON_BYTES
from tests.rest.call import Call
from tests.rest.calls import CALLS
from tests.rest.conftest import Robot, token_for
from tests.rest.sending import FILE, needs, problem_of, role_of, schema_of_operations, send
from tests.walls.canaries import everything_in
from tests.walls.rows import all_rows
from tests.walls.walking import METHODS, undone
from tests.walls.world import World

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
            answer = send(robots[kind], call, places, bodies[name])
            if problem_of(answer) != refusal or "\u91d1\u4e1d\u96c0" in everything_in(answer):
                wrong.append(f"{kind} {name}: {problem_of(answer)}")
    signed_out = Client()
    for name, call in CALLS.items():
        answer = signed_out.generic(call.method, f"/api/v1/{call.path.format(**places)}")
        if problem_of(answer) != (401, "rest.not_signed_in"):
            wrong.append(f"signed out {name}: {problem_of(answer)}")

    assert "\n".join(wrong) == ""
    assert all_rows() == before


def test_a_token_opens_no_operation_of_a_scope_it_lacks(
    town: World, robots: dict[str, Robot], places: dict[str, str], bodies: dict[str, Any]
) -> None:
    told, wrong = schema_of_operations(), []
    narrow: dict[str, Robot] = {}
    for name, call in CALLS.items():
        scope = told[name].get("x-scope", "")
        role = role_of(call)
        if not scope:
            continue
        if f"{role} {scope}" not in narrow:
            person = town.people[role]
            with platform_wide():
                company = person.memberships.get().company
                others = [one for one in rules.scopes_of(role) if one != scope]
                narrow[f"{role} {scope}"] = Robot(token_for(company, role, person, *others))
        answer = send(narrow[f"{role} {scope}"], call, places, bodies[name])
        if (
            problem_of(answer) != (403, "rest.scope_missing")
            or scope not in answer.content.decode()
        ):
            wrong.append(f"{name}: {problem_of(answer)}")

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
                is_told = method == "HEAD" or problem_of(answer)[1] == "rest.wrong_method"
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
    wrong, known, refusal = [], needs(), (409, "accounts.company_suspended")
    for role, company in (("seller", town.seller), ("importer", town.importer)):
        with _suspended(company):
            before = all_rows()
            for name, call in CALLS.items():
                if role not in (call.has or call.who) or call.method == "GET":
                    continue
                with undone():
                    answer = send(robots[role], call, places, bodies[name])
                if (problem_of(answer) == refusal) == known[name].any_standing:
                    wrong.append(f"{role} {name}: {problem_of(answer)}")
            assert all_rows() == before
            for name, call in CALLS.items():
                if role in (call.has or call.who) and call.method == "GET":
                    answer = send(robots[role], call, places, None)
                    # A file that was made for it is withheld.
                    if answer.status_code != (409 if name == "get_job_file" else 200):
                        wrong.append(f"{role} {name}: {problem_of(answer)}")

    assert "\n".join(wrong) == ""


#: Where `If-Match: *` is refused, one sends what one has read.
NOT_WHATEVER_IT_IS = {"change_member": "people/{member}", "price_batch": "batches/{batch}"}


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
            robot, heads = robots[role_of(call)], {}
            if name in NOT_WHATEVER_IT_IS:
                heads["if_match"] = robot.get(NOT_WHATEVER_IT_IS[name].format(**places))["ETag"]
            answer = send(robot, call, places, {**body, forged: town.stranger.pk}, **heads)
            if problem_of(answer) != (422, "rest.invalid") or forged not in answer.content.decode():
                wrong.append(f"{name} {forged}: {problem_of(answer)}")

    assert "\n".join(wrong) == ""
    assert all_rows() == before


def test_a_body_of_another_kind_or_size_is_not_read(
    town: World, robots: dict[str, Robot], places: dict[str, str], bodies: dict[str, Any]
) -> None:
    wrong = []
    before = all_rows()
    long_json = b'{"a": "' + b"x" * MOST_JSON_BYTES + b'"}'
    for name, call in CALLS.items():
        robot = robots[role_of(call)]
        if isinstance(bodies[name], dict):
            for kind in ("text/plain", "application/x-www-form-urlencoded", "text/xml", "x"):
                answer = send(robot, call, places, bodies[name], content_type=kind)
                if problem_of(answer) != (415, "rest.wrong_type"):
                    wrong.append(f"{name} {kind}: {problem_of(answer)}")
            answer = send(robot, call, places, long_json)
            if problem_of(answer) != (413, "rest.too_large"):
                wrong.append(f"{name} large: {problem_of(answer)}")
        if call.is_file:
            for kind in ("application/json", "application/x-www-form-urlencoded", "text/csv"):
                answer = send(robot, call, places, b"{}", content_type=kind)
                if problem_of(answer) != (415, "rest.wrong_type"):
                    wrong.append(f"{name} {kind} for a file: {problem_of(answer)}")
        # Nothing stands behind the header: whoever read on would fail.
        answer = robot.client.generic(
            call.method,
            f"/api/v1/{call.path.format(**places)}",
            headers={"authorization": f"Bearer {robot.text}"},
            CONTENT_LENGTH=str(settings.BONDPOOL_API_MOST_BYTES + 1),
        )
        if problem_of(answer) != (413, "rest.too_large"):
            wrong.append(f"{name} header: {problem_of(answer)}")

    assert "\n".join(wrong) == ""
    assert all_rows() == before


def test_a_parameter_that_nobody_reads_is_refused_by_every_operation(
    town: World, robots: dict[str, Robot], places: dict[str, str], bodies: dict[str, Any]
) -> None:
    wrong = []
    before = all_rows()
    for name, call in CALLS.items():
        path = call.path.format(**places)
        asked = replace(call, path=f"{path}{'&' if '?' in path else '?'}bogus=1")
        answer = send(robots[role_of(call)], asked, {}, bodies[name])
        if answer.status_code != 422 or answer.json()["facts"]["parameter"] != "bogus":
            wrong.append(f"{name}: {problem_of(answer)}")

    assert "\n".join(wrong) == ""
    assert all_rows() == before


def test_a_change_of_what_was_read_too_long_ago_is_refused_by_every_operation(
    town: World, robots: dict[str, Robot], places: dict[str, str], bodies: dict[str, Any]
) -> None:
    told, wrong, asked = schema_of_operations(), [], 0
    before = all_rows()
    for name, call in CALLS.items():
        if "If-Match" not in _heads_of(told[name]):
            continue
        robot, asked = robots[role_of(call)], asked + 1
        stale = send(robot, call, places, bodies[name], if_match='"stale"')
        path = call.path.format(**places)
        without = robot(call.method, path, bodies[name], idempotency_key="walk")
        if problem_of(stale) != (412, "rest.changed"):
            wrong.append(f"{name} stale: {problem_of(stale)}")
        if problem_of(without) != (428, "rest.if_match_missing"):
            wrong.append(f"{name} without: {problem_of(without)}")

    assert "\n".join(wrong) == ""
    assert asked >= 10
    assert all_rows() == before


def test_a_key_that_is_sent_again_has_one_effect_in_every_operation_that_creates(
    town: World, robots: dict[str, Robot], places: dict[str, str], bodies: dict[str, Any]
) -> None:
    told, wrong, made = schema_of_operations(), [], []
    for name, call in CALLS.items():
        if "Idempotency-Key" not in _heads_of(told[name]):
            continue
        robot, body = robots[role_of(call)], bodies[name]
        with undone():
            first = send(robot, call, places, body, key="again")
            between = all_rows()
            again = send(robot, call, places, body, key="again")
            if (again.status_code, again.content) != (first.status_code, first.content):
                wrong.append(f"{name}: {problem_of(first)}, then {problem_of(again)}")
            if all_rows() != between:
                wrong.append(f"{name} had a second effect")
            if first.status_code >= 400:
                continue
            made.append(name)
            other = send(robot, call, places, {"another": "body"}, key="again")
            if call.is_file:
                changed = FILE.replace(b"24", b"25")
                other = send(robot, call, places, changed, key="again")
            if problem_of(other) != (409, "rest.key_reused"):
                wrong.append(f"{name} with another body: {problem_of(other)}")
        missing = robot(call.method, call.path.format(**places), body, if_match="*")
        if problem_of(missing)[0] not in {400, 422}:
            wrong.append(f"{name} without a key: {problem_of(missing)}")

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
                answer = send(robots[role_of(call)], call, places, body, key=f"bad-{asked}")
            kind = answer.get("Content-Type", "")
            is_data = kind.startswith("application/") and "html" not in kind
            is_safe = is_data and answer["X-Content-Type-Options"] == "nosniff"
            if answer.status_code >= 500 or not is_safe:
                wrong.append(f"{name} {str(body)[:60]}: {answer.status_code} {kind}")

    assert "\n".join(wrong) == ""
    assert asked > 100
