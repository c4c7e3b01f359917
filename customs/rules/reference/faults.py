"""What a file of reference data, or a proposal made of it, can be refused for."""

from __future__ import annotations

from dataclasses import dataclass

from core.errors import DomainError, InputError


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong in one cell; ``row`` is the spreadsheet's row number."""

    row: int
    field: str
    error: DomainError

    def __str__(self) -> str:
        return f"row {self.row}, {self.field}: {self.error}"


class ReferenceRefused(InputError):
    """The file has rows that cannot be used; nothing was proposed."""

    code = "customs.reference_refused"


class KindUnknown(InputError):
    """There is no reference data of this kind."""

    code = "customs.reference_kind_unknown"


class SourceMissing(InputError):
    """Reference data names its source, in the file or beside it: at most 200 characters."""

    code = "customs.source_missing"


class NotATariffCode(InputError):
    """A tariff code has ten digits; a spreadsheet keeps a leading zero in a cell of text only."""

    code = "customs.not_a_tariff_code"


class NotAListCode(InputError):
    """A code of the positive list has eight digits; a spreadsheet keeps a leading zero in a cell of
    text only."""

    code = "customs.not_a_list_code"


class NotACode(InputError):
    """A code has letters and digits only, at most sixteen."""

    code = "customs.not_a_code"


class NotADay(InputError):
    """A day is written as 2026-07-01."""

    code = "customs.not_a_day"


class EndsBeforeItBegins(InputError):
    """The last day of a validity is its first or a later one."""

    code = "customs.ends_before_it_begins"


class NotARate(InputError):
    """A rate is a fraction or a percentage, 0.13 or 13%, with at most five decimals."""

    code = "customs.not_a_tariff_rate"


class PercentMissing(InputError):
    """A rate of 1 and more is written with its percent sign: 6 % as 6% or 0.06, 100 % as 100%."""

    code = "customs.percent_missing"


class NotAnAgreement(InputError):
    """Rates by origin are written as `AUS=0; ASEAN(IDN MYS)=2%`, countries by three letters."""

    code = "customs.not_an_agreement"


class NotAnAmount(InputError):
    """An amount is a plain number from 0 on, with at most five decimals."""

    code = "customs.not_a_plain_amount"


class NotAUnit(InputError):
    """A unit is a code of three digits; a spreadsheet keeps a leading zero in a cell of text
    only."""

    code = "customs.not_a_unit"


class UnitMissing(InputError):
    """A tax by quantity says for which unit, and a unit how much."""

    code = "customs.unit_of_the_tax_missing"


class SameUnitTwice(InputError):
    """The second legal unit is another one than the first."""

    code = "customs.same_unit_twice"


class ConditionUnknown(InputError):
    """Consumption tax is due always, or on high-priced cosmetics only (`cosmetics`)."""

    code = "customs.condition_unknown"


class RemarkUnknown(InputError):
    """Remarks are excluded, bonded_only, named_only and weight_limit, parted by spaces."""

    code = "customs.remark_unknown"


class LimitMissing(InputError):
    """A limit by weight says how many kilograms, and kilograms say that there is a limit."""

    code = "customs.weight_limit_missing"


class TextTooLong(InputError):
    """The text is longer than can be kept."""

    code = "customs.text_too_long"


class NameMissing(InputError):
    """A code has a Chinese name."""

    code = "customs.name_missing"


class NotPerUnit(InputError):
    """A rate is published for 1, 100, 1000 or 10000 units of the currency."""

    code = "customs.not_per_unit"


class NotARounding(InputError):
    """Rounding is half_up, half_even, down or up, of a line or a list, with 0, 1 or 2 places."""

    code = "customs.not_a_rounding"


class CodeNotKept(InputError):
    """The code tables have no such code on that day."""

    code = "customs.code_not_kept"


class RowRepeated(InputError):
    """An earlier row of the file is of the same code and day."""

    code = "customs.row_repeated"


class RowsOverlap(InputError):
    """Two rows of the file hold for the same code on the same day."""

    code = "customs.rows_overlap"


class DaysUncovered(InputError):
    """Between two validities of the code there are days for which nothing holds."""

    code = "customs.days_uncovered"


class PastEdited(InputError):
    """What held on past days is not edited: a change begins today or later, or on the very day
    after the last row of its code ran out."""

    code = "customs.past_edited"


class LaterStands(InputError):
    """What begins later is kept already: say the last day before it, or say it anew as well."""

    code = "customs.later_stands"


class EndMovedLater(InputError):
    """An end is not moved to a later day: add a row that begins on the day after it."""

    code = "customs.end_moved_later"


class NothingChanges(InputError):
    """Everything in the file is kept already; there is nothing to propose."""

    code = "customs.nothing_changes"


class ProposalDecided(DomainError):
    """The proposal was approved or refused already."""

    code = "customs.proposal_decided"


class ProposerApprovesAlone(DomainError):
    """Who proposed a change of reference data does not approve it; another person does."""

    code = "customs.proposer_approves_alone"


class ProposalStale(DomainError):
    """Since it was proposed another change was approved or its day has passed; propose it anew."""

    code = "customs.proposal_stale"


class RefusalUnexplained(InputError):
    """A proposal is refused with a reason, at most 400 characters."""

    code = "customs.refusal_unexplained"


class NotAnOperator(DomainError):
    """Reference data is proposed and approved by operators of the platform."""

    code = "customs.not_an_operator"
