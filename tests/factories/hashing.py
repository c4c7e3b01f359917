"""Passwords hashed in no time: the house's own hash is slow on purpose, and says nothing of the
tests that sign in by the form a thousand times."""

from django.contrib.auth.hashers import PBKDF2PasswordHasher

QUICKLY = ["tests.factories.hashing.QuickHasher"]


class QuickHasher(PBKDF2PasswordHasher):
    """The house's algorithm, once around."""

    iterations = 1
