"""What every role does over the API with jobs and lists: exports, actions, totals."""

from __future__ import annotations

from core import clock as doors
from core.walls import platform_wide
from jobs.models import Job, JobOutcome
from jobs.services import work
from rest import rules
from rest.models import ApiToken
from tests.rest.asking import etag_of, twice
from tests.rest.conftest import Hire
from tests.walls.conftest import SignIn
from tests.walls.world import SETTLES, World
from warehouse.models import RetailOrder, RetailOrderState

EXPORT = {"listing": "retail-orders", "kind": "csv", "query": {"sort": "number"}}


def _worked() -> None:
    with platform_wide():
        work(now=doors.now)


# Jobs


def test_an_export_is_asked_for_once_followed_and_fetched(world: World, hire: Hire) -> None:
    robot = hire("seller")
    first, second = twice(robot, "exports", EXPORT)
    _worked()
    job = robot.get(f"jobs/{first.json()['id']}").json()
    file = robot.get(job["file"])

    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()
    with platform_wide():
        assert Job.objects.filter(kind="export").count() == 1
    assert (job["state"], job["total"], job["refused"]) == ("done", 1, 0)
    text = b"".join(file.streaming_content).decode("utf-8-sig")
    assert world.retail_order.number in text
    assert file["Content-Disposition"] == f'attachment; filename="{job["file_name"]}"'


def test_a_list_goes_out_only_with_its_own_scope(world: World, hire: Hire) -> None:
    narrow = hire("seller", "jobs:read", "jobs:write", "stock:read")
    refused = narrow.post("exports", EXPORT, idempotency_key="k")
    made = hire("seller").post("exports", EXPORT, idempotency_key="k").json()
    _worked()

    assert refused.status_code == 403
    assert refused.json()["facts"]["scope"] == "retail:read"
    assert narrow.get(f"jobs/{made['id']}/file").status_code == 404
    assert made["id"] not in {one["id"] for one in narrow.get("jobs").json()["data"]}
    keys = {one["key"] for one in narrow.get("lists").json()["data"]}
    assert "my-stock" in keys
    assert "retail-orders" not in keys


def test_a_list_of_people_alone_and_of_another_role_is_not_there(world: World, hire: Hire) -> None:
    robot = hire("seller")

    for listing in ("tokens", "lots", "payables", "nonsense"):
        answer = robot.post("exports", {"listing": listing}, idempotency_key=listing)
        assert answer.status_code == 404, listing


def test_a_list_within_one_thing_wants_its_name(world: World, hire: Hire) -> None:
    robot = hire("importer")
    mine = {"declaration": world.declaration.our_reference}
    without = robot.post("exports", {"listing": "declaration-lines"}, idempotency_key="1")
    told = {"listing": "declaration-lines", "query": mine}
    other = hire("other_importer").post("exports", told, idempotency_key="2")
    robot.post("exports", told, idempotency_key="3")
    _worked()

    assert (without.status_code, other.status_code) == (404, 404)
    with platform_wide():
        job = Job.objects.get(kind="export")
    assert (job.state, job.total) == ("done", 1)


def test_many_rows_are_acted_upon_and_each_is_told(world: World, hire: Hire) -> None:
    robot = hire("seller")
    with platform_wide():
        RetailOrder.objects.filter(pk=world.retail_order.pk).update(
            state=RetailOrderState.ALLOCATED
        )
    body = {
        "listing": "retail-orders",
        "action": "cancel",
        "names": [world.retail_order.number, "RO-NOT-THERE"],
    }
    made = robot.post("actions", body, idempotency_key="k").json()
    _worked()
    outcomes = robot.get(f"jobs/{made['id']}/outcomes").json()["data"]

    assert made["total"] == 1
    assert [one["name"] for one in outcomes] == [world.retail_order.number]
    with platform_wide():
        (stored,) = JobOutcome.objects.filter(job__public_id=made["id"])
        told = Job.objects.get(public_id=made["id"])
        token = ApiToken.objects.get(digest=rules.digest(robot.text))
    assert outcomes[0]["is_done"] == stored.is_done
    assert told.asked == {
        "address": "127.0.0.1",
        "method": "POST",
        "path": "/api/v1/actions",
        "token": token.hint,
    }


def test_an_action_wants_the_scope_that_does_it(world: World, hire: Hire) -> None:
    reader = hire("seller", "jobs:write", "retail:read")
    body = {"listing": "retail-orders", "action": "cancel", "every": True}

    answer = reader.post("actions", body, idempotency_key="k")

    assert (answer.status_code, answer.json()["facts"]["scope"]) == (403, "retail:write")
    with platform_wide():
        assert Job.objects.filter(action="cancel").count() == 1  # the world's own


def test_a_job_is_stopped_however_far_it_has_gone_since_one_looked(
    world: World, hire: Hire
) -> None:
    robot = hire("seller")
    made = robot.post("exports", EXPORT, idempotency_key="k").json()
    path, seen = f"jobs/{made['id']}", etag_of(robot, f"jobs/{made['id']}")
    with platform_wide():
        running = Job.objects.get(public_id=made["id"])
        running.state, running.attempts, running.done, running.total = "running", 1, 20, 100
        running.save()
    asked = robot.post(f"{path}/cancel", if_match=seen)
    with platform_wide():
        running.refresh_from_db()
        Job.objects.filter(pk=running.pk).update(state="cancelled", finished_at=SETTLES)
    late = robot.post(f"{path}/cancel")

    assert (asked.status_code, asked.json()["done"]) == (200, 20)
    assert running.is_cancel_asked is True
    assert (late.status_code, late.json()["code"]) == (409, "jobs.job_is_over")


# Lists


def test_totals_are_told_when_they_are_asked_for(world: World, hire: Hire) -> None:
    robot = hire("seller")
    plain, told = robot.get("retail-orders").json(), robot.get("retail-orders?totals=yes").json()

    assert plain["totals"] is None
    assert told["totals"]["count"] == len(told["data"]) == 1
    assert told["totals"]["is_capped"] is False
    assert told["totals"]["sums"]["units"] == {"": told["data"][0]["units"]}
    assert told["totals"]["sums"]["amount"] == {"CNY": told["data"][0]["amount_minor"]}
    assert robot.get("retail-orders?totals=perhaps").json()["facts"]["parameter"] == "totals"


def test_a_name_with_a_typo_is_told_and_does_not_leave_everything_in(
    world: World, hire: Hire, sign_in: SignIn
) -> None:
    robot = hire("seller")
    typo = {"listing": "retail-orders", "query": {"stat": "allocated"}}
    told = [
        robot.get("retail-orders?stat=cancelled"),
        robot.get("notices?q=x&sorted=told_at"),
        robot.get("jobs?q=retail"),
        robot.post("exports", typo, idempotency_key="1"),
        robot.post("actions", {**typo, "action": "cancel", "every": True}, idempotency_key="2"),
    ]
    page = sign_in("seller").get("/retail-orders/?stat=cancelled")

    assert [one.status_code for one in told] == [422] * 5
    assert {one.json()["code"] for one in told} == {"core.unknown_parameter"}
    names = [one.json()["facts"]["parameter"] for one in told]
    assert names == ["stat", "sorted", "q", "stat", "stat"]
    assert page.status_code == 200
    with platform_wide():
        assert not Job.objects.filter(kind="export").exists()
