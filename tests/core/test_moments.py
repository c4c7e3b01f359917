"""Two counts of the same thing agree whoever writes between them."""

from __future__ import annotations

import threading

import pytest
from django.db import InternalError, connection

from accounts.models import Company
from core.moments import at_one_moment
from core.walls import platform_wide
from tests.factories.accounts import SellerFactory


def _elsewhere_comes_another_seller() -> None:
    def come() -> None:
        try:
            with platform_wide():
                SellerFactory.create()
        finally:
            connection.close()

    one = threading.Thread(target=come)
    one.start()
    one.join()


@pytest.mark.django_db(transaction=True)
def test_what_is_written_between_two_questions_is_not_seen() -> None:
    with at_one_moment():
        before = Company.objects.count()
        _elsewhere_comes_another_seller()
        assert Company.objects.count() == before

    assert Company.objects.count() == before + 1


@pytest.mark.django_db(transaction=True)
def test_nothing_is_written_while_it_counts() -> None:
    with pytest.raises(InternalError, match="read-only transaction"), at_one_moment():
        SellerFactory.create()

    assert not Company.objects.exists()
    SellerFactory.create()
    assert Company.objects.count() == 1


@pytest.mark.django_db
def test_a_transaction_that_runs_keeps_its_isolation() -> None:
    with at_one_moment():
        SellerFactory.create()

    assert Company.objects.count() == 1
