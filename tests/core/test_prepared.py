"""Statements whose plan is kept, and those that travel together."""

from __future__ import annotations

import pytest
from django.db import DataError, IntegrityError, transaction
from django.db.models.functions import Length

from accounts.models import Company, CompanyKind, Membership, Role
from accounts.second_factor import has_one
from core.copying import among_array, array_of
from core.prepared import Planned, ask, together
from tests.factories.accounts import CompanyFactory, MembershipFactory
from tests.factories.catalog import ProductFactory


def test_a_plan_is_kept_and_values_are_told_beside_the_words(db: None) -> None:
    told = "SELECT %s::text || %s::text AS put_together_once"

    found = [ask(told, ["100 %", mark]).row() for mark in ("!", "'")]

    assert found == [("100 %!",), ("100 %'",)]
    kept = ask("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE %s", ["%once%"])
    assert kept.row() == (1,)


def test_a_planned_query_finds_what_django_finds(db: None) -> None:
    milk, tea, _other = ProductFactory.create_batch(3)
    planned = Planned(
        lambda skus, brand: (
            type(milk)
            .objects.filter(among_array("sku", skus, "text"), brand=brand, sku__contains="-")
            .order_by("-pk")
        ),
        "{SKU}",
        "a brand",
    )

    for skus in ([milk.sku, tea.sku], [tea.sku], []):
        wanted = list(
            type(milk)
            .objects.filter(sku__in=skus, brand=milk.brand, sku__contains="-")
            .order_by("-pk")
        )
        assert planned.ask(array_of(skus), milk.brand).all() == wanted
    assert planned.ask(array_of(["none"]), milk.brand).first() is None


def test_a_planned_query_gives_what_is_annotated_and_related(db: None) -> None:
    finance = MembershipFactory.create(role=Role.FINANCE)
    other = MembershipFactory.create()
    planned = Planned(
        lambda user: (
            Membership.objects.filter(user_id=user)
            .select_related("company", "user")
            .annotate(has_factor=has_one("user"), letters=Length("company__code"))
        ),
        -1,
    )

    found = {
        (one, one.has_factor, one.letters, one.company.code, one.user.email)  # type: ignore[attr-defined]
        for member in (finance, other)
        for one in planned.ask(member.user_id).all()
    }

    assert found == {
        (finance, True, len(finance.company.code), finance.company.code, finance.user.email),
        (other, False, len(other.company.code), other.company.code, other.user.email),
    }


def test_a_planned_query_asks_for_all_its_values(db: None) -> None:
    forgets = Planned(lambda code, _kind: Company.objects.filter(code=code), "A-CODE", "a kind")

    with pytest.raises(TypeError, match="a kind"):
        forgets.ask("SELLER-1", CompanyKind.SELLER)


def test_statements_travel_together_and_each_sees_what_came_before(db: None) -> None:
    company = CompanyFactory.create()

    with transaction.atomic(), together():
        ask("UPDATE accounts_company SET code = %s WHERE id = %s", ["ANNA-NEW", company.pk])
        found = ask("SELECT code FROM accounts_company WHERE id = %s", [company.pk])
        company.refresh_from_db()
        assert (company.code, found.row()) == ("ANNA-NEW", ("ANNA-NEW",))


def test_the_first_that_fails_is_told_and_nothing_of_the_others_is_kept(db: None) -> None:
    company = CompanyFactory.create(code="ANNA")

    with pytest.raises(DataError, match="division"):
        _renamed_and_divided(company, by=0)

    company.refresh_from_db()
    assert company.code == "ANNA"
    # A statement that never arrived is prepared the next time.
    assert _renamed_and_divided(company, by=1) == (2,)


@transaction.atomic
def _renamed_and_divided(company: Company, *, by: int) -> object:
    with together():
        ask("UPDATE accounts_company SET code = %s WHERE id = %s", ["ANNA-NEW", company.pk])
        ask("SELECT 1 / %s::integer", [by])
        return ask("SELECT 2").row()


def test_what_nobody_reads_is_told_at_the_end(db: None) -> None:
    company = CompanyFactory.create()

    with pytest.raises(IntegrityError), transaction.atomic(), together(), together():
        ask("UPDATE accounts_company SET code = NULL WHERE id = %s", [company.pk])

    assert ask("SELECT 1").row() == (1,)
