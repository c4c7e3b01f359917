"""The words of a statement, in English; pages and commands translate them.

A statement keeps the English sentence, so that a file says the same to everybody.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from procurement.rules.sharing.costs import Driver


def _(message: str) -> str:
    """Marks a message for translation; the door translates it."""
    return message


def pgettext(context: str, message: str) -> str:
    """The same, for a word that is said otherwise elsewhere."""
    return message


#: Kinds of cost; the contexts are "cost" and "driver".
KINDS: Final[Mapping[str, str]] = {
    "goods": pgettext("cost", "goods"),
    "supplier": pgettext("cost", "supplier's correction"),
    "freight": pgettext("cost", "freight"),
    "insurance": pgettext("cost", "insurance"),
    "duty": pgettext("cost", "duty"),
    "inspection": pgettext("cost", "inspection"),
    "handling": pgettext("cost", "handling"),
    "storage": pgettext("cost", "storage"),
    "broker": pgettext("cost", "customs broker"),
    "declaration": pgettext("cost", "declaration"),
    "wire": pgettext("cost", "bank wire"),
    "fx": pgettext("cost", "currency exchange"),
    "correction": pgettext("cost", "correction"),
    "other": pgettext("cost", "other costs"),
    # What the checks of the cap are about.
    "spread": pgettext("cost", "what was spread again"),
}

DRIVERS: Final[Mapping[str, str]] = {
    Driver.VALUE: pgettext("driver", "value of goods"),
    Driver.WEIGHT: pgettext("driver", "gross weight"),
    Driver.VOLUME: pgettext("driver", "volume"),
    Driver.UNITS: pgettext("driver", "units"),
    Driver.LINES: pgettext("driver", "number of lines"),
    Driver.EQUAL: pgettext("driver", "equal parts"),
    Driver.CHARGEABLE: pgettext("driver", "chargeable weight by sea"),
    Driver.CHARGEABLE_AIR: pgettext("driver", "chargeable weight by air"),
    Driver.SIZE_CLASS: pgettext("driver", "size class"),
}

#: The unit of a driver's basis.
BASES: Final[Mapping[str, str]] = {
    Driver.VALUE: "minor",
    Driver.WEIGHT: "g",
    Driver.VOLUME: "cm3",
    Driver.UNITS: "unit",
    Driver.LINES: "line",
    Driver.EQUAL: "seller",
    Driver.CHARGEABLE: "g or cm3",
    Driver.CHARGEABLE_AIR: "1/6 g or cm3",
    Driver.SIZE_CLASS: "class",
}

ATTRIBUTED: Final = _(
    "Borne by the owners of this line alone: the bill times your basis, divided by the basis of "
    "all its owners; the last minor units go to the largest remainders, ties to the lower "
    "company number."
)
SHARED: Final = _(
    "The bill times your basis, divided by the basis of all; the last minor units go to the "
    "largest remainders, ties to the lower company number."
)
BY_RATE: Final = _(
    "Your basis times the unit rate, rounded down or up to a whole minor unit so that all parts "
    "come to the bill."
)
BETWEEN_FEW: Final = _(
    "Shared between fewer than three sellers: neither the bill nor its unit rate is shown, for "
    "they would tell what another ordered."
)
SUBTRACTED: Final = _(
    "Too little of this total belongs to others than you are told of: neither the bill nor its "
    "unit rate is shown, for subtraction would tell what another ordered."
)
#: Kinds whose unit rate is a price, and tells nothing of what others ordered.
PRICED: Final = frozenset({"goods", "duty"})
NOT_SHOWN: Final = _("not shown: fewer than three sellers")
NOT_TOLD: Final = _("not shown: subtraction would tell of fewer than three sellers")
COUNTED: Final = _(
    "This round orders by forecast credit: of a wish count its units times the factor, halves "
    "rounded up, at least one and never more than wished. The discount takes first what you would "
    "do without, then of your firm part."
)
UNCHANGED: Final = _("Your share is not above what you would pay alone, and nothing was added.")
CUT: Final = _("Your share was above what you would pay alone: you pay what you would pay alone.")
FILLED: Final = _(
    "What was cut from others was spread on those below their own cap; it brings you up to yours."
)
SPREAD: Final = _(
    "What was cut from others was spread on those below their own cap, by what each already bears."
)

#: What is checked, by its code in a :class:`~procurement.rules.sharing.verifying.Check`.
CHECKS: Final[Mapping[str, str]] = {
    "digest": _("The file is as it was made"),
    "units": _("Nobody gets more of %(of)s than it would take"),
    "counted": _("What counts of your wish for %(of)s"),
    "counted_less": _("What of that you would do without of %(of)s"),
    "basis": _("For %(of)s you are not counted with more than you got"),
    "share": _("Your share of %(of)s"),
    "remainder": _("The remainder of %(of)s, by which last units are handed out"),
    "rate": _("The unit rate of %(of)s"),
    "shares": _("The sum of your shares"),
    "sold": _("Of the correction of %(of)s, what falls on units already sold"),
    "stock": _("Of the correction of %(of)s, what falls on units in stock"),
    "cut": _("What was cut down to the cost of going alone"),
    "added": _("What was added from what others were cut"),
    "paid": _("What you pay"),
    "cap": _("You pay no more than alone"),
    "alone_units": _("Going alone is counted for the units you got of %(of)s"),
    "alone": _("Going alone: %(of)s"),
    "alone_too": _("Paid alone as well: %(of)s"),
    "alone_total": _("Going alone, in all"),
    "saving": _("Your saving"),
    "saving_percent": _("Your saving in hundredths of a percent"),
}
