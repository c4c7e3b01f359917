"""How an application becomes a company that may trade, and how it may stop."""

from __future__ import annotations

import unicodedata

from core.errors import DomainError, InputError

LONGEST_REASON = 2_000

#: From where, by which act, to where.
_MOVES = {
    ("waiting", "answer"): "waiting",
    ("waiting", "ask"): "asked",
    ("waiting", "admit"): "admitted",
    ("waiting", "refuse"): "refused",
    ("asked", "answer"): "waiting",
    ("asked", "refuse"): "refused",
    # Who was refused may be asked again, and then hands in what was missing.
    ("refused", "ask"): "asked",
    # And may hand in all of it anew.
    ("refused", "apply"): "waiting",
    ("admitted", "suspend"): "suspended",
    ("suspended", "reinstate"): "admitted",
}
DECISIONS = ("ask", "admit", "refuse", "suspend", "reinstate")
#: The step that an act leaves behind.
STEP_OF = {
    "ask": "asked",
    "answer": "answered",
    "admit": "admitted",
    "refuse": "refused",
    "suspend": "suspended",
    "reinstate": "reinstated",
}
#: How a company stands while its admission is in a state.
STATUS_OF = {
    "waiting": "applicant",
    "asked": "applicant",
    "refused": "applicant",
    "admitted": "admitted",
    "suspended": "suspended",
}
_TURNING = frozenset("\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


class CompanySuspended(DomainError):
    """The company is suspended: its people may read what is its own and change nothing."""

    code = "accounts.company_suspended"


class CompanyNotAdmitted(DomainError):
    """The company is not admitted yet: its application, its people and one's own account are open,
    and nothing else."""

    code = "accounts.company_not_admitted"


class AlreadyActsForACompany(DomainError):
    """Who acts for a company already does not apply for another one."""

    code = "accounts.already_acts_for_a_company"


class NumberTaken(DomainError):
    """Another company with this social credit code is admitted already. Refuse this one, or ask
    back which number is right."""

    code = "accounts.number_taken"


class NotInThisState(DomainError):
    """This is not possible as the admission stands."""

    code = "accounts.not_in_this_state"


class DecidedMeanwhile(DomainError):
    """Something has happened to this admission since you opened the page. Look again, then
    decide."""

    code = "accounts.decided_meanwhile"


class ThePlatformStays(DomainError):
    """The platform's own company is neither suspended nor asked for papers."""

    code = "accounts.the_platform_stays"


class ReasonMissing(InputError):
    """Every decision needs a reason, of at most 2,000 characters."""

    code = "accounts.reason_missing"


def move(state: str, act: str) -> str:
    """The state that follows. Raises NotInThisState."""
    try:
        return _MOVES[state, act]
    except KeyError:
        raise NotInThisState(state=state, act=act) from None


def possible(state: str) -> list[str]:
    """What an operator may decide in a state, in the order of the buttons."""
    return [act for act in DECISIONS if (state, act) in _MOVES]


def check_seen(*, seen: int, last: int) -> None:
    """Who decides has seen the last step. Raises DecidedMeanwhile."""
    if seen != last:
        raise DecidedMeanwhile


def check_reason(text: str) -> str:
    """Raises ReasonMissing."""
    plain = tidy_lines(text)
    if not plain or len(plain) > LONGEST_REASON:
        raise ReasonMissing(characters=len(plain))
    return plain


def check_standing(status: str, *, writes: bool) -> None:
    """What a company's people may do in the trade. Raises CompanyNotAdmitted, CompanySuspended."""
    if status == "applicant":
        raise CompanyNotAdmitted
    if writes and status == "suspended":
        raise CompanySuspended


def tidy_line(text: str) -> str:
    """One line of a person's text, without signs that nobody sees or that turn the line round.

    Arabic and Hebrew letters stay; only the marks that would reorder their neighbours go.
    """
    return " ".join(tidy_lines(text).split())


def tidy_lines(text: str) -> str:
    """Several lines of a person's text, likewise."""
    kept = (
        sign
        for sign in text
        if sign in "\n\t" or (unicodedata.category(sign) != "Cc" and sign not in _TURNING)
    )
    return "".join(kept).strip()
