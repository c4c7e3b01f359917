"""The codes that the product itself uses, for a house that has loaded no code tables yet.

A file of reference data is held to the codes of these where a table is still empty. Sources: the
customs parameter tables of 2018 (关检融合部分通关参数), ISO 3166-1 and ISO 4217.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from babel.core import get_global

from customs.rules import codes
from customs.rules.codes import country

#: The alpha-3 codes of ISO 3166-1 have three letters, those of two are what babel calls them.
_ALPHA_2 = 2
_ALPHA_3 = 3

#: Signs of supervision conditions and documents that consumer goods meet most often.
CERTIFICATES: Mapping[str, tuple[str, str]] = {
    "1": ("进口许可证", "import licence"),
    "4": ("出口许可证", "export licence"),
    "7": ("自动进口许可证", "automatic import licence"),
    "A": ("入境货物通关单", "entry inspection and quarantine"),
    "B": ("出境货物通关单", "exit inspection and quarantine"),
    "E": ("濒危物种允许出口证明书", "endangered species, export"),
    "F": ("濒危物种允许进口证明书", "endangered species, import"),
    "L": ("药品进出口准许证", "medicines, import and export"),
    "Q": ("进口药品通关单", "medicines, import clearance"),
    "Y": ("原产地证明", "certificate of origin"),
}


@cache
def seed_of(table: str) -> Mapping[str, tuple[str, str]]:
    """Code -> its names, Chinese and English; empty where the product knows none."""
    if table == "country":
        return {
            code: (country(code, chinese=True), country(code, chinese=False))
            for code, names in sorted(get_global("territory_aliases").items())
            if len(code) == _ALPHA_3
            and code.isalpha()
            and len(names[0]) == _ALPHA_2
            # Codes that ISO leaves to its users name no country.
            and country(code, chinese=False) != code
        }
    if table == "currency":
        return {code: (name, code) for code, name in codes.CURRENCIES.items()}
    return {
        "unit": codes.UNITS,
        "transport": codes.TRANSPORT_MODES,
        "supervision-mode": codes.SUPERVISION_MODES,
        "package": codes.PACKINGS,
        "deal-term": {code: (name, name) for code, name in codes.DEAL_TERMS.values()},
        "certificate": CERTIFICATES,
        "customs-district": {code: (name, "") for code, name in codes.DISTRICTS.items()},
        "port-domestic": {code: (name, "") for code, name in codes.DOMESTIC_PORTS.items()},
        "port-foreign": {
            code: (name, english.title()) for english, (code, name) in codes.FOREIGN_PORTS.items()
        },
    }.get(table, {})
