"""Forecasts are filed in versions; the newest counts until the cut-off, and none after it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import partial

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext

from accounts.models import Company, CompanyKind, CompanyStatus, User
from catalog.models import Product
from core.sheets import MOST_FAULTS, RowError
from procurement.models import Forecast, ForecastLine, LateWish, PoolRound, RoundState
from procurement.queries import forecasts, offers, tolerating
from procurement.queries.naming import in_catalogue_words
from procurement.rules import forecasting
from procurement.rules.forecasting import (
    Fault,
    ForecastChanged,
    ForecastRefused,
    NotASeller,
    NothingForecast,
    Want,
    Wish,
)
from procurement.services import filling, telling
from procurement.services.rows import Progress, insert_columns


@transaction.atomic
def file_forecast(
    *,
    round: PoolRound,
    seller: Company,
    lines: Mapping[int, int],
    tolerances: Mapping[int, tuple[int, int]] | None = None,
    filed_by: User | None,
    source: str = "form",
    seen: int | None = None,
    late_wish: LateWish | None = None,
    now: datetime,
) -> Forecast:
    """File a seller's next version for a round: units by product id.

    ``tolerances`` tells for some of them how many less and how many more would do.
    A product with 0 units is left out; a version without any line takes back what was filed.
    ``seen`` is the version that ``lines`` were made from, 0 for none; ``late_wish`` what of an
    earlier round went into them. After the cut-off only what improves the fill of packs is taken.

    Raises RoundNotOpenYet, RoundClosed, FillNotJudged, FillTriesUsedUp, FillNotImproved,
    NotASeller, NothingForecast when there is nothing to take back, ForecastChanged when another
    version than ``seen`` counts by now, or ForecastRefused (its fact ``rows`` lists every
    RowError, numbered in the order of ``lines``) for a product that is unknown, spoils or is not
    offered, for a quantity that is no whole number from 0 to 1,000,000 and for a tolerance above
    the seller's limit in the round; then nothing has been written but that a fill was tried.
    """
    held = lock_open(round, now)
    check_seller(seller)
    if seen is not None:
        versions = Forecast.objects.filter(round=held, seller=seller)
        newest = versions.aggregate(newest=Max("version"))["newest"] or 0
        if newest != seen:
            raise ForecastChanged(version=newest)

    def told(pk: int) -> tuple[str, str]:
        less, more = (tolerances or {}).get(pk, (0, 0))
        return str(less or ""), str(more or "")

    skus = dict(Product.objects.filter(pk__in=lines).values_list("pk", "sku"))
    wishes = [
        Wish(row, held.quarter, skus.get(pk, f"#{pk}"), str(units), "", *told(pk))
        for row, (pk, units) in enumerate(lines.items(), start=1)
    ]
    wants = sort_out(held, wishes, sellers={"": seller}, now=now)
    filling.check_fill(held, {seller.pk: wants}, now)
    return _write(held, {"": seller}, wants, filed_by, source, now, None, late_wish)[0]


@transaction.atomic
def import_forecasts(
    *,
    round: PoolRound,
    rows: Iterable[Wish],
    filed_by: User | None,
    now: datetime,
    source: str = "import",
    progress: Progress | None = None,
) -> list[Forecast]:
    """File the forecasts of many sellers at once, a new version for each seller named.

    Each row names its quarter, the seller's code, the SKU and the units as text, as they
    stand in a file. Set-based: a few statements for 100,000 rows. ``progress`` is told how
    many lines are written.

    Raises what :func:`file_forecast` raises; a seller that is not known is an error of its
    row. Then nothing has been written.
    """
    held = lock_open(round, now)
    wishes = list(rows)
    codes = {wish.seller for wish in wishes}
    found = Company.objects.filter(
        code__in=codes, kinds__contains=[CompanyKind.SELLER], status=CompanyStatus.ADMITTED
    )
    sellers = {company.code: company for company in found}
    wants = sort_out(held, wishes, sellers=sellers, now=now)
    if held.fill_until is not None:
        by_code: dict[int, list[Want]] = {company.pk: [] for company in found}
        for want in wants:
            by_code[sellers[want.seller].pk].append(want)
        filling.check_fill(held, by_code, now)
    return _write(held, sellers, wants, filed_by, source, now, progress)


@transaction.atomic
def file_wishes(
    *, round: PoolRound, seller: Company, wishes: Sequence[Wish], filed_by: User, now: datetime
) -> Forecast:
    """File one seller's next version by SKU, as its program sends it.

    Raises what :func:`file_forecast` raises; then nothing has been written.
    """
    check_seller(seller)
    if not wishes:
        return file_forecast(
            round=round, seller=seller, lines={}, filed_by=filed_by, source="api", now=now
        )
    rows = in_catalogue_words(seller, wishes)
    (filed,) = import_forecasts(round=round, rows=rows, filed_by=filed_by, source="api", now=now)
    return filed


def lock_open(round: PoolRound, now: datetime) -> PoolRound:
    """Hold a round that takes forecasts, so that it cannot close while one is written."""
    held = PoolRound.objects.select_for_update().get(pk=round.pk)
    check_open(held, now)
    return held


def check_open(round: PoolRound, now: datetime) -> None:
    """Raises RoundNotOpenYet or RoundClosed.

    Who has waited for the round's lock while deposits were asked for comes too late, though its
    request began before the end: what it files would be ordered without a deposit.
    """
    forecasting.check_open(
        opens_at=round.opens_at,
        cutoff_at=round.cutoff_at,
        fill_until=round.fill_until,
        is_closed=round.state == RoundState.CLOSED or round.deposits_asked_at is not None,
        now=now,
    )


def check_seller(seller: Company) -> None:
    """Raises NotASeller."""
    if CompanyKind.SELLER not in seller.kinds:
        raise NotASeller(company=seller.code)


def sort_out(
    round: PoolRound, wishes: Sequence[Wish], *, sellers: Mapping[str, Company], now: datetime
) -> list[Want]:
    """The rows as whole units of known products. Raises ForecastRefused with the first faults."""
    wants, faults = check_wishes(round, wishes, sellers=sellers, now=now)
    if faults:
        raise ForecastRefused(count=len(faults), rows=told(faults[:MOST_FAULTS]))
    return wants


def check_wishes(
    round: PoolRound, wishes: Sequence[Wish], *, sellers: Mapping[str, Company], now: datetime
) -> tuple[list[Want], list[Fault]]:
    """What of the rows can be taken, and what is wrong with the others; reads only.

    A tolerance is held to its seller's own limit. What was filed before a band or the round's
    limit changed stays; it is looked for only where a row is above.
    """
    keys = {company.pk for company in sellers.values()}
    found = tolerating.limits(round, keys, now)
    check = partial(
        forecasting.check_rows,
        wishes,
        quarter=round.quarter,
        products=offers.offered(round, skus={wish.sku for wish in wishes}),
        sellers=sellers,
        code=round.code,
        limits={code: found[company.pk] for code, company in sellers.items()},
    )
    wants, faults = check()
    named = {wish.row: wish.seller for wish in wishes} if faults else {}
    above = {named[fault.row] for fault in faults if fault.field in {"less", "more"}}
    above &= sellers.keys()
    if not above:
        return wants, faults
    before = forecasts.wanted_by(round, [sellers[code].pk for code in above])
    kept = {
        (code, product): figures
        for code in above
        for product, figures in before.get(sellers[code].pk, {}).items()
    }
    return check(kept=kept)


def told(faults: Iterable[Fault]) -> list[RowError]:
    """Faults in the reader's language."""
    return [RowError(f.row, f.field, gettext(f.message) % f.facts) for f in faults]


def idle(round: PoolRound, sellers: Iterable[Company]) -> list[str]:
    """Of sellers who want nothing those who have nothing to take back by it."""
    empty = {company.pk: company.code for company in sellers}
    if not empty:
        return []
    before = forecasts.wanted_by(round, list(empty))
    return sorted(code for pk, code in empty.items() if pk not in before)


def _write(
    round: PoolRound,
    sellers: Mapping[str, Company],
    wants: Sequence[Want],
    filed_by: User | None,
    source: str,
    now: datetime,
    progress: Progress | None,
    late_wish: LateWish | None = None,
) -> list[Forecast]:
    wanted = [want for want in wants if want.quantity]
    owner = [sellers[want.seller].pk for want in wanted]
    wanting = set(owner)
    if none := idle(round, (one for one in sellers.values() if one.pk not in wanting)):
        raise NothingForecast(sellers=", ".join(none[:10]), count=len(none))
    last = dict(
        Forecast.objects.filter(round=round, seller__in=sellers.values())
        .values_list("seller_id")
        .annotate(last=Max("version"))
    )
    forecasts = Forecast.objects.bulk_create(
        [
            Forecast(
                round=round,
                seller=seller,
                version=last.get(seller.pk, 0) + 1,
                filed_at=now,
                filed_by=filed_by,
                source=source,
                late_wish=late_wish,
            )
            for _code, seller in sorted(sellers.items())
        ],
        batch_size=5000,
    )
    by_seller = {forecast.seller_id: forecast.pk for forecast in forecasts}
    insert_columns(
        ForecastLine,
        {
            "forecast_id": [by_seller[pk] for pk in owner],
            "seller_id": owner,
            "product_id": [want.product_id for want in wanted],
            "quantity": [want.quantity for want in wanted],
            "less": [want.less for want in wanted],
            "more": [want.more for want in wanted],
        },
        progress=progress,
    )
    products, units = Counter(owner), Counter[int]()
    for pk, want in zip(owner, wanted, strict=True):
        units[pk] += want.quantity
    telling.tell_filed(round, forecasts, {pk: (products[pk], units[pk]) for pk in products}, now)
    return forecasts
