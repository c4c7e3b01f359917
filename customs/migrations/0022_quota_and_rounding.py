"""The buyers' quota as a ledger, and what is settled about rounding and price thresholds by day."""

import django.db.models.deletion
from django.db import migrations, models

from core.walls import changes_only, insert_only, protected

_ONE_A_DAY = "".join(
    f"""
ALTER TABLE customs_{table} ADD CONSTRAINT one_{table}_holds_on_a_day EXCLUDE USING gist (
    int8range({key}, {key}, '[]') WITH &&,
    daterange(valid_from, valid_to + 1, '[)') WITH &&
);
ALTER TABLE customs_{table} ADD CONSTRAINT {table}_ends_or_was_withdrawn
    CHECK (valid_to >= valid_from - 1);
CREATE TRIGGER an_end_moves_earlier BEFORE UPDATE ON customs_{table}
    FOR EACH ROW EXECUTE FUNCTION customs_ends_move_earlier();
"""
    for table, key in {
        "taxrounding": "hashtextextended(tax, 0) >> 2",
        "pricethreshold": "hashtextextended(goods, 0) >> 2",
    }.items()
)
_NOT_ANY_MORE = "".join(
    f"""
DROP TRIGGER an_end_moves_earlier ON customs_{table};
ALTER TABLE customs_{table} DROP CONSTRAINT {table}_ends_or_was_withdrawn;
ALTER TABLE customs_{table} DROP CONSTRAINT one_{table}_holds_on_a_day;
"""
    for table in ("taxrounding", "pricethreshold")
)
# Whoever erases a buyer, by whatever way: the hash goes from the ledger with the order's own. The
# application itself may not change an entry.
_FORGET = """
CREATE FUNCTION customs_forget_buyer() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE customs_quotaentry AS entry SET buyer = ''
    FROM customs_retaillist AS list
    WHERE list.order_id = NEW.id AND entry.retail_list_id = list.id;
    RETURN NULL;
END $$;
CREATE TRIGGER the_quota_forgets_the_buyer AFTER UPDATE OF buyer_id_digest
    ON warehouse_retailorder FOR EACH ROW
    WHEN (NEW.buyer_id_digest = '' AND OLD.buyer_id_digest <> '')
    EXECUTE FUNCTION customs_forget_buyer();
"""
_FORGET_NOT = """
DROP TRIGGER the_quota_forgets_the_buyer ON warehouse_retailorder;
DROP FUNCTION customs_forget_buyer();
"""
_COLUMNS = (
    "(buyer, year, code, move, reserved, used, retail_list_id, give_back_id, seller_id, entered_at)"
)
_YEAR = "extract(year FROM list.drawn_at AT TIME ZONE 'Asia/Shanghai')"
# What was drawn, released, voided and returned before there was a ledger.
_FROM_BEFORE = f"""
INSERT INTO customs_quotaentry {_COLUMNS}
SELECT buyer_id_digest, {_YEAR}, '', 'reserved', dutiable_minor, 0, list.id, NULL, list.seller_id,
    list.drawn_at
FROM customs_retaillist AS list JOIN warehouse_retailorder AS sold ON sold.id = list.order_id;
INSERT INTO customs_quotaentry {_COLUMNS}
SELECT entry.buyer, entry.year, '', 'settled', -entry.reserved, entry.reserved,
    entry.retail_list_id, NULL, entry.seller_id, released.recorded_at
FROM customs_quotaentry AS entry
JOIN customs_retailrelease AS released ON released.retail_list_id = entry.retail_list_id;
INSERT INTO customs_quotaentry {_COLUMNS}
SELECT entry.buyer, entry.year, '', 'returned', 0, -given.dutiable_minor, entry.retail_list_id,
    given.id, entry.seller_id, given.given_at
FROM customs_quotaentry AS entry
JOIN customs_retailgiveback AS given ON given.retail_list_id = entry.retail_list_id
WHERE entry.move = 'reserved' AND given.dutiable_minor > 0;
INSERT INTO customs_quotaentry {_COLUMNS}
SELECT min(entry.buyer), min(entry.year), '', 'voided', -sum(entry.reserved), -sum(entry.used),
    entry.retail_list_id, NULL, min(entry.seller_id), min(void.voided_at)
FROM customs_quotaentry AS entry
JOIN customs_retailvoid AS void ON void.retail_list_id = entry.retail_list_id
GROUP BY entry.retail_list_id;
SET CONSTRAINTS ALL IMMEDIATE;
SET CONSTRAINTS ALL DEFERRED;
"""  # noqa: S608 - our own columns


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0010_owners_in_history"),
        ("customs", "0021_preparing"),
    ]

    operations = [
        migrations.AlterField(
            model_name="referenceproposal",
            name="kind",
            field=models.CharField(
                choices=[
                    ("tariff", "tariff"),
                    ("positive", "positive list"),
                    ("exchange", "customs exchange rates"),
                    ("rounding", "rounding of retail tax"),
                    ("price-threshold", "price threshold of cosmetics"),
                    ("country", "countries"),
                    ("currency", "currencies"),
                    ("unit", "units"),
                    ("transport", "means of transport"),
                    ("supervision-mode", "supervision modes"),
                    ("package", "kinds of package"),
                    ("container", "kinds of container"),
                    ("levy-nature", "natures of levy"),
                    ("deal-term", "deal terms"),
                    ("certificate", "supervision certificates"),
                    ("customs-district", "customs districts"),
                    ("ciq-office", "inspection offices"),
                    ("port-domestic", "ports at home"),
                    ("port-foreign", "ports abroad"),
                ],
                max_length=20,
            ),
        ),
        migrations.CreateModel(
            name="PriceThreshold",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(blank=True, null=True)),
                ("source", models.CharField(max_length=200)),
                ("goods", models.CharField(default="cosmetics", max_length=12)),
                ("per_measure", models.DecimalField(decimal_places=5, max_digits=12)),
                ("per_piece", models.DecimalField(decimal_places=5, max_digits=12)),
                (
                    "closed_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="customs.referenceproposal",
                    ),
                ),
                (
                    "proposal",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="customs.referenceproposal",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="QuotaEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("buyer", models.CharField(max_length=64)),
                ("year", models.PositiveSmallIntegerField()),
                ("code", models.CharField(blank=True, max_length=8)),
                (
                    "move",
                    models.CharField(
                        choices=[
                            ("reserved", "reserved"),
                            ("settled", "settled"),
                            ("voided", "given back: list void"),
                            ("returned", "given back: goods returned"),
                        ],
                        max_length=8,
                    ),
                ),
                ("reserved", models.BigIntegerField()),
                ("used", models.BigIntegerField()),
                ("entered_at", models.DateTimeField()),
                (
                    "give_back",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="quota",
                        to="customs.retailgiveback",
                    ),
                ),
                (
                    "retail_list",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="quota",
                        to="customs.retaillist",
                    ),
                ),
                (
                    "seller",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.company",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["buyer", "year", "code"],
                        include=("reserved", "used"),
                        name="quota_of_a_buyers_year",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("move", "returned"), _negated=True),
                        fields=("retail_list", "code", "move"),
                        name="a_list_moves_its_quota_once_each_way",
                    ),
                    models.UniqueConstraint(
                        fields=("give_back", "code"), name="a_return_gives_its_quota_back_once"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TaxRounding",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(blank=True, null=True)),
                ("source", models.CharField(max_length=200)),
                ("tax", models.CharField(default="retail", max_length=8)),
                (
                    "mode",
                    models.CharField(
                        choices=[
                            ("half_up", "half up"),
                            ("half_even", "half to even"),
                            ("down", "down"),
                            ("up", "up"),
                        ],
                        max_length=9,
                    ),
                ),
                (
                    "basis",
                    models.CharField(
                        choices=[("line", "each line"), ("list", "the whole list")], max_length=4
                    ),
                ),
                ("places", models.PositiveSmallIntegerField()),
                (
                    "closed_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="customs.referenceproposal",
                    ),
                ),
                (
                    "proposal",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="customs.referenceproposal",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("places__lte", 2)), name="tax_is_rounded_to_fen_or_more"
                    )
                ],
            },
        ),
        migrations.RunSQL(_FROM_BEFORE, migrations.RunSQL.noop),
        migrations.RunSQL(_ONE_A_DAY, _NOT_ANY_MORE),
        migrations.RunSQL(_FORGET, _FORGET_NOT),
        changes_only("customs_taxrounding", "valid_to", "closed_by_id"),
        changes_only("customs_pricethreshold", "valid_to", "closed_by_id"),
        protected("customs_quotaentry", "seller_id"),
        insert_only("customs_quotaentry"),
    ]
