"""Django's admin shows and does not write: what is changed elsewhere leaves a trail, there none."""

from __future__ import annotations

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group
from django.test import Client, RequestFactory

from accounts.models import User
from tests.factories.accounts import PASSWORD, UserFactory, confirm, give_second_factor

pytestmark = pytest.mark.django_db


@pytest.fixture
def root() -> User:
    person = UserFactory.create(is_staff=True, is_superuser=True)
    give_second_factor(person)
    return person


@pytest.fixture
def signed_in(client: Client, root: User) -> Client:
    client.force_login(root)
    return confirm(client)


def test_nobody_writes_there_what_the_house_writes_with_a_rule_and_a_reason(root: User) -> None:
    request = RequestFactory().get("/admin/")
    request.user = root

    writable = {
        model._meta.label
        for model, shown in admin.site._registry.items()
        if shown.has_add_permission(request)
        or shown.has_change_permission(request)
        or shown.has_delete_permission(request)
    }

    assert writable == set()


def test_second_factors_addresses_sessions_and_groups_have_no_page_there(
    signed_in: Client, root: User
) -> None:
    for path in (
        "mfa/authenticator/add/",
        f"mfa/authenticator/{root.authenticator_set.get().pk}/delete/",  # type: ignore[attr-defined]
        "account/emailaddress/",
        "usersessions/usersession/",
        "auth/group/add/",
    ):
        assert signed_in.post(f"/admin/{path}", {"name": "x", "post": "yes"}).status_code == 404

    assert root.authenticator_set.count() == 1  # type: ignore[attr-defined]
    assert not Group.objects.exists()


def test_a_password_is_changed_at_the_gate_of_the_house(signed_in: Client, root: User) -> None:
    answer = signed_in.post(
        "/admin/password_change/",
        {
            "old_password": PASSWORD,
            "new_password1": "new shells 26",
            "new_password2": "new shells 26",
        },
    )

    assert answer.headers["Location"] == "/account/password/"
    root.refresh_from_db()
    assert root.check_password(PASSWORD)
    assert signed_in.get("/admin/password_change/done/").headers["Location"] == "/account/"
    assert signed_in.get("/admin/").status_code == 200
