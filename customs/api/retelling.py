"""What came back from customs is told anew over the API, many at once."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _
from ninja import Schema
from pydantic import Field

from core.clock import now
from customs import services
from customs.queries.retelling import lists_named
from customs.services.telling_anew import MOST_LISTS
from rest.fields import Body
from rest.routes import Routes

routes = Routes(tags=["sellers"])


class RetailTellingsIn(Body):
    """Which lists are told anew."""

    lists: list[str] = Field(
        min_length=1, max_length=MOST_LISTS, examples=[["RL-2026-000001", "RL-2026-000002"]]
    )


class RetailTellingRefused(Schema):
    """A list of which nothing could be told anew."""

    list: str = Field(examples=["RL-2026-000002"])
    code: str = Field(examples=["customs.nothing_refused"])
    rule: str = Field(
        description="In the asker's language",
        examples=["Nothing of this retail list came back that could be told anew."],
    )


class RetailTellings(Schema):
    """Of how many lists something was queued, and of how many something is missing."""

    told: int = Field(
        description="Of so many their order, payment or waybill; their lists follow once customs "
        "has accepted these",
        examples=[1],
    )
    queued: int = Field(
        description="So many lists, withdrawals, returns and arrivals themselves", examples=[1]
    )
    missing: int = Field(description="Nothing went; `missing` of the list says why", examples=[0])
    refused: list[RetailTellingRefused] = Field(
        description="Of these nothing went either, and nothing was written down"
    )


@routes.create(
    "/retail-tellings",
    scope="retail:write",
    response=RetailTellings,
    summary=_("Tell customs anew of retail lists"),
    status=200,
    is_single=False,
)
def tell_retail_lists_anew(request: HttpRequest, told: RetailTellingsIn) -> RetailTellings:
    """Queue what customs refused of up to 1,000 lists, or could not be sent, once more: as a new
    document, or as a change where customs has it. A list that is refused holds no other back; where
    all are, the first refusal is the answer."""
    told_anew = services.tell_all_anew(lists=lists_named(told.lists), now=now())
    done = told_anew.done
    return RetailTellings(
        told=done.told,
        queued=done.queued,
        missing=done.missing,
        refused=[
            RetailTellingRefused(list=number, code=refusal.code, rule=gettext(refusal.rule()))
            for number, refusal in told_anew.refused
        ],
    )
