"""Why an order or a return was turned down, as its row keeps it."""

from __future__ import annotations

from core.errors import DomainError
from web.templatetags.bondpool import told


def kept(refusal: DomainError) -> dict[str, object]:
    """``code``, ``rule`` (in English, the key of its translation) and ``facts`` as people read
    them, moments on China's clock."""
    facts = {name: told(value) for name, value in refusal.facts.items()}
    return {"code": refusal.code, "rule": refusal.rule(), "facts": facts}
