"""A buyer's data cannot be read in the database."""

from __future__ import annotations

import pytest
from cryptography.fernet import Fernet
from pytest_django.fixtures import Settings

from core.fields import EncryptedTextField


def _stored(text: str) -> str:
    return str(EncryptedTextField().get_prep_value(text))


def _read(stored: str) -> str | None:
    return EncryptedTextField().from_db_value(stored, None, None)


def test_what_is_stored_is_not_the_text_and_reads_back() -> None:
    stored = _stored("110101190001010014")

    assert "110101" not in stored
    assert _stored("110101190001010014") != stored, "the same text twice cannot be compared"
    assert _read(stored) == "110101190001010014"


@pytest.mark.parametrize("nothing", ["", None])
def test_nothing_stays_nothing(nothing: str | None) -> None:
    assert EncryptedTextField().get_prep_value(nothing) == nothing
    assert EncryptedTextField().from_db_value(nothing, None, None) == nothing


def test_a_new_key_in_front_still_reads_what_the_old_one_wrote(settings: Settings) -> None:
    old, new = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    settings.BONDPOOL_FIELD_KEYS = [old]
    stored = _stored("宁波")

    settings.BONDPOOL_FIELD_KEYS = [new, old]
    assert _read(stored) == "宁波"
    settings.BONDPOOL_FIELD_KEYS = [new]
    assert _read(stored) == "", "a lost key empties the field and breaks no page"
