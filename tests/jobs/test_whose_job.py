"""A job of somebody who left, changed roles, lost the second factor or whose token is over."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.urls import reverse

from accounts.models import Membership, Role, User
from accounts.second_factor import SecondFactorMissing
from core.walls import platform_wide
from jobs import services
from jobs.models import Job, JobOutcome, JobState
from rest.models import ApiToken
from rest.services import issue_token
from settlement.tables import BATCHES
from tests.factories.accounts import MembershipFactory, PlatformCompanyFactory
from tests.jobs.doing import NOON, cancel_all, client_of, read_again, viewer_of, worked
from warehouse.models import RetailOrder, RetailOrderState

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("story_time")]

WORDS_OF_TOKEN = "The API token with which this job was asked for has been revoked"
WORDS_OF_MEMBER = "The person who asked for this job no longer acts for the company"


def by_token(seller: Membership, orders: list[RetailOrder], days: int = 30) -> Job:
    with platform_wide():
        token, _text = issue_token(
            company=seller.company,
            role=seller.role,
            created_by=seller.user,
            name="shop",
            scopes=["jobs:write", "retail:write"],
            days=days,
            now=NOON - timedelta(days=days) + timedelta(minutes=1),
        )
    return cancel_all(seller, orders, token)


def nothing_was_done() -> bool:
    with platform_wide():
        cancelled = RetailOrder.objects.filter(state=RetailOrderState.CANCELLED)
        return not cancelled.exists() and not JobOutcome.objects.exists()


def revoked(seller: Membership) -> None:
    ApiToken.objects.update(revoked_at=NOON, revoked_by=seller.user)


def stint_ended(seller: Membership) -> None:
    Membership.objects.filter(pk=seller.pk).update(stint=seller.stint + 1)


def left_and_came_back(seller: Membership) -> None:
    Membership.objects.filter(pk=seller.pk).update(ended_at=NOON)
    MembershipFactory.create(user=seller.user, company=seller.company, role=seller.role)


def shut_out(seller: Membership) -> None:
    User.objects.filter(pk=seller.user_id).update(is_active=False)


def test_a_job_of_a_good_token_is_done(seller: Membership, orders: list[RetailOrder]) -> None:
    job = by_token(seller, orders)

    worked()

    assert (read_again(job).state, read_again(job).refused) == (JobState.DONE, 1)


@pytest.mark.parametrize(
    ("happened", "words"),
    [
        (revoked, WORDS_OF_TOKEN),
        (stint_ended, WORDS_OF_MEMBER),
        (left_and_came_back, WORDS_OF_MEMBER),
    ],
)
def test_what_a_token_asked_for_is_not_done_when_the_token_opens_nothing_any_more(
    seller: Membership,
    orders: list[RetailOrder],
    happened: Callable[[Membership], None],
    words: str,
) -> None:
    job = by_token(seller, orders)
    with platform_wide():
        happened(seller)

    worked()

    assert read_again(job).state == JobState.FAILED
    assert nothing_was_done()
    page = client_of(seller).get(reverse("job", args=[job.public_id])).content.decode()
    assert words in page


def test_what_a_token_asked_for_is_not_done_when_it_is_too_old(
    seller: Membership, orders: list[RetailOrder]
) -> None:
    job = by_token(seller, orders)

    worked(NOON + timedelta(minutes=2))

    assert read_again(job).state == JobState.FAILED
    assert nothing_was_done()


@pytest.mark.parametrize("happened", [stint_ended, left_and_came_back, shut_out])
def test_what_somebody_asked_for_in_the_portal_ends_with_the_stint(
    seller: Membership, orders: list[RetailOrder], happened: Callable[[Membership], None]
) -> None:
    job = cancel_all(seller, orders)
    with platform_wide():
        happened(seller)

    worked()

    assert read_again(job).state == JobState.FAILED
    assert nothing_was_done()


def test_finance_without_a_second_factor_has_nothing_done() -> None:
    with platform_wide():
        finance = MembershipFactory.create(
            company=PlatformCompanyFactory.create(), role=Role.FINANCE
        )
        job = services.start_export(
            viewer=viewer_of(finance), table=BATCHES, params={}, kind="csv", now=NOON
        )
        Authenticator.objects.filter(user=finance.user).delete()

    worked()

    failed = read_again(job)
    assert (failed.state, failed.result_bytes) == (JobState.FAILED, 0)
    assert failed.error == SecondFactorMissing.rule()
