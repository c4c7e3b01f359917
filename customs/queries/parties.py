"""Who stands on messages to customs, and what is missing on parcels."""

from __future__ import annotations

from django.db.models import Count, QuerySet
from django.http import Http404

from accounts.models import Company
from customs.models import HouseAtCustoms, MissingPaper, RetailList, RetailParties
from warehouse.models import Reservation, RetailOrder


def parties_of_seller(seller: Company) -> RetailParties | None:
    """What a seller told; its agent's name is everybody's."""
    found: RetailParties | None = (
        RetailParties.objects.filter(seller=seller).select_related("agent").first()
    )
    return found


def clients_of(agent: Company) -> QuerySet[RetailParties]:
    """The sellers that ask an importer to declare, those that wait for its word first."""
    found: QuerySet[RetailParties] = RetailParties.objects.filter(agent=agent)
    return found.select_related("seller").order_by("-agreed_at", "seller__code")


def client_of(agent: Company, code: str) -> RetailParties:
    """One of them; Http404 where there is none."""
    found = clients_of(agent).filter(seller__code=code).first()
    if found is None:
        raise Http404
    return found


def missing_on(listed: RetailList) -> MissingPaper | None:
    """What holds a list back, if anything does."""
    found: MissingPaper | None = MissingPaper.objects.filter(retail_list=listed.pk).first()
    return found


def keeper_of(order: RetailOrder) -> Company | None:
    """Whose house serves an order; None where nothing was ever set aside for it."""
    found = Reservation.objects.filter(line__order=order.pk).select_related("holding__keeper")
    reserved: Reservation | None = found.first()
    return reserved.holding.keeper if reserved else None


def missing_count(seller: Company) -> int:
    """How many lists of a seller are held back."""
    found = MissingPaper.objects.filter(seller=seller).aggregate(n=Count("pk"))
    return int(found["n"])


def at_customs(keeper: Company) -> QuerySet[HouseAtCustoms]:
    """What a keeper told of its houses."""
    found: QuerySet[HouseAtCustoms] = HouseAtCustoms.objects.filter(keeper=keeper)
    return found.select_related("warehouse").order_by("warehouse__code")
