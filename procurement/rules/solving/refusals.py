"""What the solver refuses to work with, one sentence each."""

from __future__ import annotations

from core.errors import DomainError, InputError


class TermNotWhole(InputError):
    """The terms of a plan are whole numbers of at least nothing, never floats."""

    code = "procurement.term_not_whole"


class QuantityTooLarge(InputError):
    """More than a thousand million units, or an amount beyond any order, is a mistake."""

    code = "procurement.quantity_too_large"


class WishesCrossed(InputError):
    """The firm part of a wish is never more than the wish, and this never more than its most."""

    code = "procurement.wishes_crossed"


class ValuesRise(InputError):
    """A unit further from the wish must not be worth more than one nearer to it."""

    code = "procurement.values_rise"


class PackEmpty(InputError):
    """A pack holds at least one unit, and goods are ordered in at least one pack at a time."""

    code = "procurement.pack_empty"


class BreaksMissing(InputError):
    """An offer needs at least one price."""

    code = "procurement.breaks_missing"


class BreaksOverlap(InputError):
    """Two prices of an offer start at the same number of packs."""

    code = "procurement.breaks_overlap"


class BreaksGapped(InputError):
    """The first price of an offer must hold from its smallest order on."""

    code = "procurement.breaks_gapped"


class BreaksUnsorted(InputError):
    """The prices of an offer are listed by rising number of packs."""

    code = "procurement.breaks_unsorted"


class PricesRise(InputError):
    """The price of a pack must not rise when more is ordered."""

    code = "procurement.prices_rise"


class PriceMissing(InputError):
    """A price of nothing is a missing price."""

    code = "procurement.price_missing"


class RateMissing(InputError):
    """A currency needs a rate above nothing."""

    code = "procurement.rate_missing"


class LaneUnknown(InputError):
    """An offer names a supplier, currency and incoterm for which no terms are known."""

    code = "procurement.lane_unknown"


class ProductUnknown(InputError):
    """A row names a product that the round does not know."""

    code = "procurement.product_unknown"


class NamedTwice(InputError):
    """A product, an offer, a supplier's terms or a container type stands in the terms twice."""

    code = "procurement.named_twice"


class FreightMissing(InputError):
    """Who carries the freight needs a container type or a price by cubic metre."""

    code = "procurement.freight_missing"


class ContainerEmpty(InputError):
    """A container type has a price and holds some volume and some weight."""

    code = "procurement.container_empty"


class PackTooBig(InputError):
    """A pack is heavier or bulkier than every container of the supplier."""

    code = "procurement.pack_too_big"


class PlanUnknown(InputError):
    """A stored plan names an offer or a supplier that the terms do not know."""

    code = "procurement.plan_unknown"


class ReplayDiffers(DomainError):
    """A stored plan does not come to what was stored of it; its terms were changed."""

    code = "procurement.replay_differs"
