"""What every role does over the API: jobs, totals, notices, people, the company, its history."""

from __future__ import annotations

import json
from typing import Any

from core import clock as doors
from core.walls import platform_wide
from jobs.models import Job, JobOutcome
from jobs.services import work
from notices.models import NoticeChoice, NoticeCopy
from rest.rules import scopes_of
from tests.rest.conftest import Hire, Robot
from tests.walls.conftest import SignIn
from tests.walls.world import SETTLES, World
from warehouse.models import RetailOrder, RetailOrderState, RetailUpload

EXPORT = {"listing": "retail-orders", "kind": "csv", "query": {"sort": "number"}}


def _again(robot: Robot, path: str, body: Any, key: str = "k-1") -> tuple[Any, Any]:
    return tuple(robot.post(path, body, idempotency_key=key) for _ in range(2))


def _etag(robot: Robot, path: str) -> str:
    return str(robot.get(path)["ETag"])


def _worked() -> None:
    with platform_wide():
        work(now=doors.now)


# Jobs


def test_an_export_is_asked_for_once_followed_and_fetched(world: World, hire: Hire) -> None:
    robot = hire("seller")
    first, second = _again(robot, "exports", EXPORT)
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
    assert outcomes[0]["is_done"] == stored.is_done


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
    path, seen = f"jobs/{made['id']}", _etag(robot, f"jobs/{made['id']}")
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


# Notices


def test_a_notice_is_shown_and_marked_by_its_id(world: World, hire: Hire) -> None:
    robot = hire("seller")
    path = f"notices/{world.notice.pk}"
    before = robot.get(path).json()
    read = robot.post("notices/read", {"ids": [world.notice.pk]}).json()

    assert before["read_at"] is None
    assert read == {"read": 1}
    assert robot.get(path).json()["read_at"] is not None
    with platform_wide():
        assert NoticeCopy.objects.filter(read_at__isnull=False).count() == 1


def test_who_may_only_read_notices_marks_none(world: World, hire: Hire) -> None:
    refused = hire("seller", "notices:read").post("notices/read", {"ids": [world.notice.pk]})

    assert (refused.status_code, refused.json()["facts"]["scope"]) == (403, "notices:write")
    with platform_wide():
        assert not NoticeCopy.objects.filter(read_at__isnull=False).exists()


def test_what_reaches_a_person_is_chosen_under_its_etag(world: World, hire: Hire) -> None:
    robot = hire("seller")
    body = {"data": [{"event": "stock.short", "in_portal": True, "mail": "never"}]}
    bare = robot("PUT", "notice-settings", body)
    changed = robot("PUT", "notice-settings", body, if_match=_etag(robot, "notice-settings"))
    told = {one["event"]: one["mail"] for one in changed.json()["data"]}

    assert bare.status_code == 428
    assert (changed.status_code, told["stock.short"]) == (200, "never")
    with platform_wide():
        assert NoticeChoice.objects.filter(event="stock.short", mail="never").count() == 1


# The company and its people


def test_address_and_contact_change_and_names_stay(world: World, hire: Hire) -> None:
    robot = hire("seller")
    body = {
        "street": "新路 2 号",
        "town": "宁波",
        "postcode": "315000",
        "contact_name": "李四",
        "contact_phone": "+86 1",
        "contact_email": "li@example.test",
    }
    etag = _etag(robot, "company")
    changed = robot("PUT", "company", body, if_match=etag)
    late = robot("PUT", "company", body, if_match=etag)
    wrong = robot("PUT", "company", {**body, "contact_email": "no"}, if_match="*")
    named = robot("PUT", "company", {**body, "name_zh": "别名"}, if_match="*")

    assert changed.json()["street"] == "新路 2 号"
    assert late.status_code == 412
    assert wrong.json()["errors"][0]["message"] == "This is no e-mail address."
    assert named.status_code == 422
    assert robot.get("company").json()["name_zh"] == "金丝雀商贸"


def test_a_person_is_invited_once_per_key_and_the_invitation_is_taken_back(
    world: World, hire: Hire
) -> None:
    robot = hire("seller")
    first, second = _again(robot, "invitations", {"email": "New@Example.test", "role": "seller"})
    path = f"invitations/{first.json()['uid']}"
    again = robot.post(f"{path}/again", if_match=_etag(robot, path))
    gone = robot.post(f"{path}/revoke", if_match=_etag(robot, path))
    unfit = robot.post(
        "invitations", {"email": "x@example.test", "role": "finance"}, idempotency_key="k-2"
    )

    assert (first.status_code, first.json()) == (second.status_code, second.json())
    assert again.json()["issue"] == 2
    assert gone.json()["state"] == "revoked"
    assert unfit.json()["code"] == "accounts.role_does_not_fit"
    open_ones = {one["email"] for one in robot.get("invitations").json()["data"]}
    assert open_ones == {"canary@example.test"}


def test_who_is_no_administrator_sees_no_people(world: World, hire: Hire) -> None:
    world.people["seller"].memberships.update(is_admin=False)
    robot = hire("seller")

    assert robot.get("people").status_code == 404
    assert robot.get("invitations").status_code == 404
    assert robot("PUT", "company", _company(), if_match="*").status_code == 404


def _company() -> dict[str, str]:
    return {
        "street": "x",
        "town": "x",
        "contact_name": "x",
        "contact_phone": "1",
        "contact_email": "x@example.test",
    }


def test_the_last_administrator_stays(world: World, hire: Hire) -> None:
    robot = hire("seller")
    (mine,) = robot.get("people").json()["data"]
    path = f"people/{mine['id']}"
    answer = robot.post(f"{path}/remove", if_match=_etag(robot, path))

    assert (answer.status_code, answer.json()["code"]) == (409, "accounts.last_admin")
    assert robot.get("people").json()["data"] == [mine]


def test_an_applicant_answers_before_it_may_trade(world: World, hire: Hire) -> None:
    robot = hire("seller")
    with platform_wide():
        world.seller.status = "applicant"
        world.seller.save()
        world.seller.admission.state = "asked"
        world.seller.admission.save()
    content = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
    form = _form({"reason": "补充材料", "kind": "brand"}, "brand.pdf", content)
    kind = "multipart/form-data; boundary=b"

    answer = robot.post("admission/answers", form, idempotency_key="k", content_type=kind)
    again = robot.post("admission/answers", form, idempotency_key="k", content_type=kind)

    assert robot.get("stock").status_code == 403 or robot.get("stock").status_code == 409
    assert answer.status_code == 201, answer.content.decode()
    assert again.json() == answer.json()
    told = robot.get("admission").json()
    assert told["state"] == "waiting"
    assert [one["file_name"] for one in told["documents"]] == ["canary-licence.pdf", "brand.pdf"]
    paper = robot.get(told["documents"][1]["path"])
    assert paper.content == content


def _form(fields: dict[str, str], name: str, content: bytes) -> bytes:
    head = "".join(
        f'--b\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'
        for key, value in fields.items()
    )
    file = f'--b\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
    return (head + file).encode() + content + b"\r\n--b--\r\n"


def test_a_history_is_read_by_the_number_people_say(world: World, hire: Hire) -> None:
    robot = hire("seller")
    path = f"history/warehouse.retailorder/{world.retail_order.number}"
    told = robot.get(path).json()

    assert told["data"][-1]["action"] == "insert"
    oldest = robot.get(f"{path}?sort=at&limit=1&totals=yes").json()
    assert oldest["data"] == told["data"][-1:]
    assert oldest["totals"]["count"] == len(told["data"])
    assert robot.get(f"{path}?action=delete").json()["data"] == []
    assert robot.get(f"{path}?q=no-such-reason").json()["data"] == []
    assert robot.get("history/warehouse.retailorder/RO-NO").status_code == 404
    assert robot.get(f"history/settlement.payable/{world.payable.number}").status_code == 404
    assert robot.get(f"{path}?after=nonsense").json()["code"] == "core.bad_cursor"


def test_the_start_page_is_told_as_data(world: World, hire: Hire) -> None:
    told = hire("finance").get("home").json()

    assert {"lead", "tasks", "figures", "charts"} == set(told)
    assert all(task["path"].startswith("/") for task in told["tasks"])


def test_the_start_page_shows_every_figure_of_the_role_so_it_has_a_scope_of_its_own(
    world: World, hire: Hire
) -> None:
    others = [one for one in scopes_of("finance") if one != "home:read"]
    refused = hire("finance", *others).get("home")

    assert (refused.status_code, refused.json()["facts"]["scope"]) == (403, "home:read")
    assert hire("finance", "home:read").get("home").status_code == 200


# Files of orders


def test_a_file_of_orders_is_looked_at_taken_once_and_forgotten(world: World, hire: Hire) -> None:
    robot = hire("seller")
    sku = world.lot.product.sku
    row = f"shop,API-1,2026-07-30 10:00,张三,360426199101010071,示例路 1 号,{sku},1,50.00"
    head = (
        "channel,order_number,placed_at,buyer_name,buyer_id_number,consignee_address,product,"
        "quantity,unit_price"
    )
    form = _form({}, "orders.csv", f"{head}\n{row}\n".encode())
    kind = "multipart/form-data; boundary=b"
    checked = robot.post("retail-order-files", form, idempotency_key="1", content_type=kind)
    assert checked.status_code == 201, checked.content.decode()
    path = f"retail-order-files/{checked.json()['id']}"
    seen = robot.get(f"{path}/outcomes").json()["data"]
    first = robot.post(f"{path}/orders", idempotency_key="2")
    again = robot.post(f"{path}/orders", idempotency_key="2")
    other = robot.post(f"{path}/orders", idempotency_key="3")
    taken = robot.get(f"{path}/outcomes?outcome=accepted").json()["data"]

    assert (checked.json()["accepted"], checked.json()["faults"]) == (1, [])
    assert [(one["order_number"], one["outcome"], one["number"]) for one in seen] == [
        ("API-1", "accepted", "")
    ]
    assert (first.status_code, again.json()) == (201, first.json())
    assert other.json()["code"] == "warehouse.upload_taken"
    assert taken[0]["number"].startswith("RO-")
    with platform_wide():
        assert RetailUpload.objects.get(pk=checked.json()["id"]).content == ""


def test_wrong_rows_are_named_and_nothing_is_taken(world: World, hire: Hire) -> None:
    robot = hire("seller")
    head = robot.get("retail-order-template.csv").content.decode("utf-8-sig").strip()
    row = ",".join("x" for _ in head.split(","))
    form = _form({}, "orders.csv", f"{head}\n{row}\n".encode())
    kind = "multipart/form-data; boundary=b"
    checked = robot.post("retail-order-files", form, idempotency_key="1", content_type=kind).json()
    answer = robot.post(f"retail-order-files/{checked['id']}/orders", idempotency_key="2")

    assert {one["row"] for one in checked["faults"]} == {2}
    assert answer.json()["code"] == "warehouse.upload_has_faults"
    with platform_wide():
        assert RetailOrder.objects.count() == 1


def test_a_forecast_file_comes_filled_with_what_was_filed(world: World, hire: Hire) -> None:
    robot = hire("seller")
    file = robot.get(f"rounds/{world.open_round.quarter}/forecast-template.csv")

    head, *rows = file.content.decode("utf-8-sig").splitlines()
    assert head == "quarter,sku,name,forecast_units"
    assert [row.split(",")[1] for row in rows] == ["MILK"]
    wrong = robot.get(f"rounds/{world.open_round.quarter}/forecast-template.pdf")
    assert json.loads(wrong.content)["status"] == 404
