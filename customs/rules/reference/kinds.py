"""The kinds of reference data: their columns, what each holds, and from which codes it draws."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from core.errors import InputError
from customs.rules.reference import cells, faults
from customs.rules.rounding import Basis, Mode

TARIFF, POSITIVE, EXCHANGE = "tariff", "positive", "exchange"
ROUNDING, THRESHOLD = "rounding", "price-threshold"

#: The code tables of customs, by the name under which each is kept and loaded.
CODE_TABLES = (
    "country",
    "currency",
    "unit",
    "transport",
    "supervision-mode",
    "package",
    "container",
    "levy-nature",
    "deal-term",
    "certificate",
    "customs-district",
    "ciq-office",
    "port-domestic",
    "port-foreign",
)

Figures = dict[str, object]
_UNIT = cells.coded(r"[0-9]{3}", faults.NotAUnit)


@dataclass(frozen=True, slots=True)
class Column:
    """A column of figures. ``is_needed``: it stands in every file; ``kept_as``: its name in the
    table where that is another; ``draws``: the code table whose codes it holds."""

    name: str
    read: cells.Reads
    is_needed: bool = False
    kept_as: str = ""
    draws: str = ""

    @property
    def kept(self) -> str:
        return self.kept_as or self.name


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind: its key column, its figures, and what must hold between them.

    ``is_seamless``: between two validities of a key no day may be left out.
    """

    name: str
    key: Column
    figures: tuple[Column, ...]
    is_seamless: bool = False
    check: Callable[[Figures], tuple[str, InputError] | None] = lambda _figures: None
    aliases: Mapping[str, str] = field(default_factory=dict)

    @property
    def needed(self) -> tuple[str, ...]:
        return (self.key.name, *(one.name for one in self.figures if one.is_needed))

    @property
    def optional(self) -> tuple[str, ...]:
        told = (one.name for one in self.figures if not one.is_needed)
        return (*told, "valid_from", "valid_to", "source")

    @property
    def columns(self) -> tuple[str, ...]:
        """All columns in the order in which a template has them."""
        return (
            self.key.name,
            "valid_from",
            "valid_to",
            *(one.name for one in self.figures),
            "source",
        )


def _tax_by_quantity(figures: Figures) -> tuple[str, InputError] | None:
    if (figures["consumption_tax_specific"] == "0.00000") != (not figures["consumption_tax_unit"]):
        return "consumption_tax_unit", faults.UnitMissing()
    if figures["legal_unit"] == figures["legal_unit_2"]:
        return "legal_unit_2", faults.SameUnitTwice(value=figures["legal_unit_2"])
    return None


def _limit_by_weight(figures: Figures) -> tuple[str, InputError] | None:
    kinds = figures["remarks"]
    if ("weight_limit" in kinds if isinstance(kinds, list) else False) != bool(figures["limit_g"]):
        return "weight_limit_kg", faults.LimitMissing()
    return None


_DATES = {
    "生效日期": "valid_from",
    "失效日期": "valid_to",
    "来源": "source",
    "依据": "source",
}
_TARIFF = Kind(
    name=TARIFF,
    key=Column("hs_code", cells.coded(r"[0-9]{10}", faults.NotATariffCode)),
    figures=(
        Column("name_zh", cells.short(250)),
        Column("duty_rate", cells.rate, is_needed=True),
        Column("agreement_duties", cells.agreements, draws="country"),
        Column("vat_rate", cells.rate_below_one, is_needed=True),
        Column("consumption_tax_rate", cells.if_any(cells.rate_below_one, "0.00000")),
        Column("consumption_tax_specific", cells.if_any(cells.amount, "0.00000")),
        Column("consumption_tax_unit", cells.if_any(_UNIT), draws="unit"),
        Column("consumption_tax_if", cells.condition),
        Column("legal_unit", _UNIT, is_needed=True, draws="unit"),
        Column("legal_unit_2", cells.if_any(_UNIT), draws="unit"),
        Column("elements", cells.listed),
        Column("supervision", cells.letters, draws="certificate"),
    ),
    is_seamless=True,
    check=_tax_by_quantity,
    aliases={
        **_DATES,
        "商品编码": "hs_code",
        "税则号列": "hs_code",
        "商品名称": "name_zh",
        "最惠国税率": "duty_rate",
        "协定税率": "agreement_duties",
        "增值税率": "vat_rate",
        "消费税率": "consumption_tax_rate",
        "从量消费税": "consumption_tax_specific",
        "从量消费税单位": "consumption_tax_unit",
        "消费税条件": "consumption_tax_if",
        "第一法定单位": "legal_unit",
        "第二法定单位": "legal_unit_2",
        "申报要素": "elements",
        "监管条件": "supervision",
    },
)
_POSITIVE = Kind(
    name=POSITIVE,
    key=Column("code", cells.coded(r"[0-9]{8}", faults.NotAListCode)),
    figures=(
        Column("name_zh", cells.short(250)),
        Column("remarks", cells.remarks),
        Column("remark", cells.short(1_000)),
        Column("weight_limit_kg", cells.if_any(cells.grams, None), kept_as="limit_g"),
    ),
    check=_limit_by_weight,
    aliases={
        **_DATES,
        "税则号列": "code",
        "货品名称": "name_zh",
        "备注": "remark",
        "备注类别": "remarks",
        "每人每年千克": "weight_limit_kg",
    },
)
_EXCHANGE = Kind(
    name=EXCHANGE,
    key=Column("currency", cells.coded(r"[A-Z]{3}", faults.NotACode), draws="currency"),
    figures=(
        Column("cny", cells.above_zero, is_needed=True),
        Column("per", cells.if_any(cells.per, 1)),
    ),
    is_seamless=True,
    aliases={**_DATES, "币制": "currency", "人民币": "cny", "每": "per"},
)
_ROUNDING = Kind(
    name=ROUNDING,
    key=Column("tax", cells.coded(r"retail", faults.NotACode)),
    figures=(
        Column("mode", cells.coded("|".join(Mode), faults.NotARounding), is_needed=True),
        Column("basis", cells.coded("|".join(Basis), faults.NotARounding), is_needed=True),
        Column("places", cells.places, is_needed=True),
    ),
    is_seamless=True,
    aliases=_DATES,
)
_THRESHOLD = Kind(
    name=THRESHOLD,
    key=Column("goods", cells.coded(cells.COSMETICS, faults.NotACode)),
    figures=(
        Column("per_measure", cells.above_zero, is_needed=True),
        Column("per_piece", cells.above_zero, is_needed=True),
    ),
    is_seamless=True,
    aliases=_DATES,
)
_CODE_ALIASES = {
    **_DATES,
    "code_iso3": "code",
    "code_iso": "code",
    "name": "name_zh",
    "short_zh": "name_zh",
    "old_customs_code": "old_code",
    "代码": "code",
    "原代码": "old_code",
    "ISO代码": "iso_code",
    "中文名称": "name_zh",
    "英文名称": "name_en",
}


def _codes(name: str) -> Kind:
    return Kind(
        name=name,
        key=Column("code", cells.coded(r"[0-9A-Za-z]{1,16}", faults.NotACode)),
        figures=(
            Column("name_zh", cells.name, is_needed=True),
            Column("name_en", cells.short(250)),
            Column("old_code", cells.short(16)),
            Column("old_ciq_code", cells.short(16)),
            Column("iso_code", cells.short(16)),
        ),
        aliases=_CODE_ALIASES,
    )


KINDS: Mapping[str, Kind] = {
    TARIFF: _TARIFF,
    POSITIVE: _POSITIVE,
    EXCHANGE: _EXCHANGE,
    ROUNDING: _ROUNDING,
    THRESHOLD: _THRESHOLD,
    **{name: _codes(name) for name in CODE_TABLES},
}


def kind_named(name: str) -> Kind:
    """Raises KindUnknown."""
    found = KINDS.get(name)
    if found is None:
        raise faults.KindUnknown(value=name[:40], kinds=", ".join(KINDS))
    return found
