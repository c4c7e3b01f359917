"""What is said of a company: address and contact by its own people, all the rest by an operator."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts.models import Company, CompanyKind, CompanyStatus, Membership
from accounts.queries.companies import platform
from accounts.rules import admitting, companies, entering
from accounts.rules.seen import check_unchanged
from core.acting import because
from core.numbers import next_number
from core.taking import take_turns

ADDRESS = ("street", "town", "postcode", "contact_name", "contact_phone", "contact_email")
#: What an operator has examined: names, numbers and where the company is.
FACTS = ("name_zh", "name_en", "country", *entering.NUMBERS, *ADDRESS)


@transaction.atomic
def enter_company(
    *, said: Mapping[str, str], kinds: Iterable[str], now: datetime, code: str = ""
) -> Company:
    """A company that an operator knows: it is admitted from now on.

    Without ``code`` it gets the next one. Raises NoKindLeft, PlatformIsFounded, WrongCode,
    CodeTaken, NameMissing, WrongCountry, a WrongNumber, UsccMissing, CustomsCodeMissing or
    NumberOfAnother; then nothing has been written.
    """
    chosen = [kind.value for kind in CompanyKind if kind in set(kinds)]
    if not chosen:
        raise companies.NoKindLeft(field="kinds")
    if CompanyKind.PLATFORM in chosen:
        take_turns("company", "platform")
        if platform() is not None:
            raise entering.PlatformIsFounded
    facts = _checked(said, kinds=chosen)
    if code:
        code = entering.check_code(code)
        take_turns("company-code", code)
        if Company.objects.filter(code=code).exists():
            raise entering.CodeTaken(field="code", given=code)
    else:
        code = next_number("C", timezone.localdate(now).year)
    _hold_numbers(facts, besides=None)
    return Company.objects.create(code=code, kinds=chosen, **facts)


@transaction.atomic
def change_company(
    *, company: Company, said: Mapping[str, str], reason: str = "", seen: str = ""
) -> Company:
    """New names, numbers, address or contact, as an operator examined them; why goes into the
    history.

    Raises ChangedMeanwhile for a page that showed something else, NameMissing, WrongCountry, a
    WrongNumber, UsccMissing, CustomsCodeMissing or NumberOfAnother; then nothing has been written.
    """
    held = Company.objects.select_for_update(no_key=True).get(pk=company.pk)
    check_unchanged(seen, **{name: getattr(held, name) for name in FACTS})
    facts = _checked(said, kinds=held.kinds)
    _hold_numbers(facts, besides=held)
    for name, value in facts.items():
        setattr(held, name, value)
    with because(admitting.tidy_lines(reason)[: admitting.LONGEST_REASON]):
        held.save(update_fields=FACTS)
    return held


def _checked(said: Mapping[str, str], *, kinds: Iterable[str]) -> dict[str, str]:
    facts = {name: admitting.tidy_line(said.get(name, "")) for name in FACTS}
    entering.check_names(name_zh=facts["name_zh"], name_en=facts["name_en"])
    country = entering.check_country(facts["country"])
    return facts | entering.check_facts(facts, country=country, kinds=list(kinds))


def _hold_numbers(facts: Mapping[str, str], *, besides: Company | None) -> None:
    """Of two who name one number the second waits, and then finds it taken. The social credit code
    that an applicant says of itself holds against nobody; the others are an operator's word."""
    everybody = Company.objects.exclude(pk=besides.pk if besides else 0)
    for field in entering.NUMBERS:
        if not facts[field]:
            continue
        take_turns(field, facts[field])
        others = everybody
        if field == "uscc":
            others = everybody.exclude(status=CompanyStatus.APPLICANT)
        if other := others.filter(**{field: facts[field]}).first():
            raise entering.NumberOfAnother(field=field, given=facts[field], company=other.code)


@transaction.atomic
def change_address(*, company: Company, said: Mapping[str, str], seen: str = "") -> Company:
    """New address and contact; names and numbers stay, they are what was examined.

    Raises ChangedMeanwhile for a page that showed something else; then nothing was written.
    """
    held = Company.objects.select_for_update(no_key=True).get(pk=company.pk)
    check_unchanged(seen, **{name: getattr(held, name) for name in ADDRESS})
    for name in ADDRESS:
        setattr(held, name, admitting.tidy_line(said[name]))
    held.save(update_fields=ADDRESS)
    return held


@transaction.atomic
def change_kinds(*, company: Company, kinds: Iterable[str], seen: str = "") -> Company:
    """What a company is on the platform.

    Raises NoKindLeft, RoleInUse when people act in a role that the new kinds do not give,
    ThePlatformStays, UsccMissing or CustomsCodeMissing for a kind that needs a number which is not
    there, and ChangedMeanwhile for a page that showed other kinds; then nothing has been written.
    """
    held = Company.objects.select_for_update(no_key=True).get(pk=company.pk)
    check_unchanged(seen, kinds=held.kinds)
    chosen = [kind.value for kind in CompanyKind if kind in set(kinds)]
    in_use = Membership.objects.filter(company=held).values_list("role", flat=True).distinct()
    companies.check_kinds(before=held.kinds, after=chosen, roles=set(in_use))
    if set(chosen) - set(held.kinds):
        numbers = {name: getattr(held, name) for name in entering.NUMBERS}
        entering.check_facts(numbers, country=held.country, kinds=chosen)
    held.kinds = chosen
    held.save(update_fields=["kinds"])
    return held
