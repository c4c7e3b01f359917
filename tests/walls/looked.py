"""Some secrets looked for in texts."""

from __future__ import annotations

import re
from collections.abc import Iterable


class Looked:
    """Looks for some secrets in texts, fast."""

    def __init__(self, secrets: Iterable[str]) -> None:
        self.secrets = sorted(set(secrets))
        # A figure is looked for as a whole one: by chance its digits stand in any random number.
        whole = r"(?<![\w-]){}(?![\w-])"
        found = (whole.format(one) if one.isdigit() else re.escape(one) for one in self.secrets)
        self._any = re.compile("|".join(found))

    def found_in(self, text: str) -> list[str]:
        return sorted(set(self._any.findall(text)))
