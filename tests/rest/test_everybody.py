"""What every role does over the API: notices, people, the company, its history, files."""

from __future__ import annotations

import json

from core.walls import platform_wide
from notices.models import NoticeChoice, NoticeCopy
from rest.rules import scopes_of
from tests.rest.asking import etag_of, form_with_a_file, twice
from tests.rest.conftest import Hire
from tests.walls.world import World
from warehouse.models import RetailOrder, RetailUpload

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
    changed = robot("PUT", "notice-settings", body, if_match=etag_of(robot, "notice-settings"))
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
    etag = etag_of(robot, "company")
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
    first, second = twice(robot, "invitations", {"email": "New@Example.test", "role": "seller"})
    path = f"invitations/{first.json()['uid']}"
    again = robot.post(f"{path}/again", if_match=etag_of(robot, path))
    gone = robot.post(f"{path}/revoke", if_match=etag_of(robot, path))
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
    answer = robot.post(f"{path}/remove", if_match=etag_of(robot, path))

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
    form = form_with_a_file({"reason": "补充材料", "kind": "brand"}, "brand.pdf", content)
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
    form = form_with_a_file({}, "orders.csv", f"{head}\n{row}\n".encode())
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
    form = form_with_a_file({}, "orders.csv", f"{head}\n{row}\n".encode())
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
    assert head == "quarter,sku,name,forecast_units,less,more,suggested_units"
    assert [row.split(",")[1] for row in rows] == ["MILK"]
    wrong = robot.get(f"rounds/{world.open_round.quarter}/forecast-template.pdf")
    assert json.loads(wrong.content)["status"] == 404
