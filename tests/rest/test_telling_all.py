"""An importer's, a seller's and an operator's program reads what the pages show, with figures."""

from __future__ import annotations

from core.walls import platform_wide
from customs.models import DeclarationDocument, RetailTaxRule
from tests.rest.conftest import Hire
from tests.walls.conftest import SignIn
from tests.walls.world import World
from warehouse.models import Reservation


def test_a_declaration_tells_its_terms_and_its_paper(world: World, hire: Hire) -> None:
    robot, path = hire("importer"), f"declarations/{world.declaration.our_reference}"
    with platform_wide():
        made = DeclarationDocument.objects.get(kind="declaration", version=1)

    told = robot.get(path).json()

    assert told["paper"] == {
        "number": made.number,
        "language": "zh-hans",
        "state": "ready",
        "pages": made.page_count,
        "sha256": made.sha256,
        "made_at": "2026-07-14T02:30:00Z",
        "trouble": "",
    }
    assert (told["supervision_mode"], told["incoterm"]) == ("1210", world.order.incoterm)
    assert (told["order"], told["form"]) == (world.order.number, world.declaration.form)
    assert (told["replaces"], told["replaced_by"]) == (None, None)
    assert told["lines"][0]["unit_price"].startswith("10.")


def test_a_paper_that_could_not_be_made_says_why(world: World, hire: Hire) -> None:
    with platform_wide():
        DeclarationDocument.objects.update(
            state="failed", content=None, sha256="", last_error="RuntimeError: boom"
        )

    told = hire("importer").get(f"declarations/{world.declaration.our_reference}").json()["paper"]

    assert told["state"] == "failed"
    assert told["trouble"].startswith("It could not be made; the fault is ours")
    assert "boom" not in str(told)


def test_a_file_that_one_has_is_not_sent_again(world: World, hire: Hire) -> None:
    importer, finance = hire("importer"), hire("finance")
    paper = f"declarations/{world.declaration.our_reference}/paper.pdf"
    xml = f"payment-files/{world.file.message_id}/content.xml"
    with platform_wide():
        sums = {
            paper: DeclarationDocument.objects.get(kind="declaration", version=1).sha256,
            xml: world.file.sha256,
        }

    for robot, path in ((importer, paper), (finance, xml)):
        first = robot.get(path)
        again = robot.get(path, if_none_match=first["ETag"])
        other = robot.get(path, if_none_match='"another"')
        assert first["ETag"] == f'"{sums[path][:32]}"'
        assert (again.status_code, again.content) == (304, b"")
        assert (other.status_code, other.content) == (200, first.content)


def test_a_retail_order_tells_its_lots_and_its_list_the_rule_of_its_tax(
    world: World, hire: Hire
) -> None:
    robot = hire("seller")
    with platform_wide():
        pick = Reservation.objects.get(line__order=world.retail_order)
        rule = RetailTaxRule.objects.get(pk=world.retail_list.tax_rule_id)

    order = robot.get(f"retail-orders/{world.retail_order.number}").json()
    listed = robot.get(f"retail-lists/{world.retail_list.number}").json()

    assert order["picks"] == [
        {
            "sku": "MILK",
            "lot": world.lot.number,
            "warehouse": world.lot.warehouse.code,
            "expires_on": "2028-03-31",
            "quantity": pick.quantity,
        }
    ]
    assert listed["tax_rule"] == rule.source
    assert listed["tax_rule_from"] == rule.valid_from.isoformat()
    assert listed["payable_fraction"] == "0.700"
    assert listed["lines"][0]["quantity"] == 2
    assert (listed["channel"], listed["order_number"]) == (order["channel"], order["order_number"])


def test_a_product_tells_what_customs_asks_of_it(world: World, hire: Hire) -> None:
    told = hire("seller").get("products/MILK").json()
    product = world.lot.product

    assert told["specification"] == product.specification
    assert (told["declared_unit"], told["volume_cm3"]) == ("122", product.volume_cm3)


def test_an_endpoint_is_removed_and_its_messages_can_still_be_read(
    world: World, hire: Hire, sign_in: SignIn
) -> None:
    robot, path = hire("seller"), f"webhooks/{world.endpoint.uid}"
    stale = robot.get(path)["ETag"]
    client = sign_in("seller")
    before = client.get(f"/{path}/", headers={"accept-language": "en"}).content.decode()

    ended = robot.post(f"{path}/end", if_match=stale)
    late = robot.post(f"{path}/enable", if_match=ended["ETag"])

    assert (ended.status_code, ended.json()["disabled_because"]) == (200, "ended")
    assert robot.get("webhooks").json()["data"] == []
    assert (late.status_code, late.json()["code"]) == (409, "notices.endpoint_ended")
    assert robot.get(f"webhook-messages/{world.message.uid}").json()["state"] == "failed"
    after = client.get(f"/{path}/", headers={"accept-language": "en"}).content.decode()
    assert ("Remove it for good" in before, "Remove it for good" in after) == (True, False)
    assert "Nothing is sent to it any more" in after


def test_an_endpoint_is_removed_on_its_page(world: World, sign_in: SignIn) -> None:
    client, path = sign_in("seller"), f"/webhooks/{world.endpoint.uid}/"

    answer = client.post(f"{path}end/")

    assert (answer.status_code, answer["Location"]) == (302, path)
    assert world.endpoint.url not in client.get("/webhooks/").content.decode()
    with platform_wide():
        world.endpoint.refresh_from_db()
    assert world.endpoint.has_ended
