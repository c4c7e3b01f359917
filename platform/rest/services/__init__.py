"""Tokens, and the answers that are kept for them."""

from rest.services.answers import (
    forget_answers,
    holding,
    store_answer,
    stored_answer,
)
from rest.services.tokens import issue_token, note_use, revoke_token

__all__ = [
    "forget_answers",
    "holding",
    "issue_token",
    "note_use",
    "revoke_token",
    "store_answer",
    "stored_answer",
]
