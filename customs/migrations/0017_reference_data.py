"""Reference data that holds from a day to a day, and the proposals that change it."""

import django.contrib.postgres.fields
import django.core.serializers.json
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from core.walls import changes_only, insert_only

#: Table, and the number that stands for what may hold once a day only.
_KEYS = {
    "tariffrate": "hs_code::bigint",
    "positiveentry": "code::bigint",
    "exchangerate": "hashtextextended(currency, 0) >> 2",
    "customscode": "hashtextextended(\"table\" || ' ' || code, 0) >> 2",
}
# A range of one number stands for the key, so that no extension is wanted; a row that was withdrawn
# has an empty range of days, which overlaps nothing.
_ONE_A_DAY = """
CREATE FUNCTION customs_ends_move_earlier() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF NEW.valid_to IS NULL OR NEW.valid_to >= OLD.valid_to THEN
        RAISE EXCEPTION 'the end of row % would move later', OLD.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'an_end_is_only_moved_earlier';
    END IF;
    RETURN NEW;
END $$;
""" + "".join(
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
    for table, key in _KEYS.items()
)
_NOT_ANY_MORE = (
    "".join(
        f"""
DROP TRIGGER an_end_moves_earlier ON customs_{table};
ALTER TABLE customs_{table} DROP CONSTRAINT {table}_ends_or_was_withdrawn;
ALTER TABLE customs_{table} DROP CONSTRAINT one_{table}_holds_on_a_day;
"""
        for table in _KEYS
    )
    + "DROP FUNCTION customs_ends_move_earlier();"
)
# A rate held until the next of its code; what it said of the positive list stands in that now, for
# as long as any code under the same eight digits was on it.
_FROM_BEFORE = """
UPDATE customs_tariffrate AS rate SET valid_to = (
    SELECT min(next.valid_from) - 1 FROM customs_tariffrate AS next
    WHERE next.hs_code = rate.hs_code AND next.valid_from > rate.valid_from
);
INSERT INTO customs_positiveentry
    (code, name_zh, remarks, remark, valid_from, valid_to, source)
SELECT left(hs_code, 8), '', '{}', '', min(valid_from),
    CASE WHEN bool_or(valid_to IS NULL) THEN NULL ELSE max(valid_to) END, min(source)
FROM customs_tariffrate WHERE on_positive_list GROUP BY left(hs_code, 8);
SET CONSTRAINTS ALL IMMEDIATE;
SET CONSTRAINTS ALL DEFERRED;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("customs", "0016_reference_tables"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="tariffrate",
            name="one_rate_per_code_day",
        ),
        migrations.AddField(
            model_name="tariffrate",
            name="agreement_duties",
            field=models.JSONField(blank=True, default=list),
        ),
        migrations.AddField(
            model_name="tariffrate",
            name="consumption_tax_if",
            field=models.CharField(
                blank=True,
                choices=[("", "always"), ("cosmetics", "high-priced cosmetics")],
                max_length=12,
            ),
        ),
        migrations.AddField(
            model_name="tariffrate",
            name="consumption_tax_specific",
            field=models.DecimalField(decimal_places=5, default=0, max_digits=12),
        ),
        migrations.AddField(
            model_name="tariffrate",
            name="consumption_tax_unit",
            field=models.CharField(blank=True, max_length=3),
        ),
        migrations.AddField(
            model_name="tariffrate",
            name="elements",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=120), blank=True, default=list, size=None
            ),
        ),
        migrations.AddField(
            model_name="tariffrate",
            name="legal_unit_2",
            field=models.CharField(blank=True, max_length=3),
        ),
        migrations.AddField(
            model_name="tariffrate",
            name="name_zh",
            field=models.CharField(blank=True, max_length=250),
        ),
        migrations.AddField(
            model_name="tariffrate",
            name="supervision",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=1), blank=True, default=list, size=None
            ),
        ),
        migrations.AddField(
            model_name="tariffrate",
            name="valid_to",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="referencedecision",
            name="decided_by",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="referenceproposal",
            name="after",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="customs.referenceproposal",
            ),
        ),
        migrations.AddField(
            model_name="referenceproposal",
            name="proposed_by",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="referencedecision",
            name="proposal",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="decision",
                to="customs.referenceproposal",
            ),
        ),
        migrations.AddField(
            model_name="referencechange",
            name="proposal",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="changes",
                to="customs.referenceproposal",
            ),
        ),
        migrations.AddField(
            model_name="positiveentry",
            name="closed_by",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="customs.referenceproposal",
            ),
        ),
        migrations.AddField(
            model_name="positiveentry",
            name="proposal",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="customs.referenceproposal",
            ),
        ),
        migrations.AddField(
            model_name="exchangerate",
            name="closed_by",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="customs.referenceproposal",
            ),
        ),
        migrations.AddField(
            model_name="exchangerate",
            name="proposal",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="customs.referenceproposal",
            ),
        ),
        migrations.AddField(
            model_name="customscode",
            name="closed_by",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="customs.referenceproposal",
            ),
        ),
        migrations.AddField(
            model_name="customscode",
            name="proposal",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="customs.referenceproposal",
            ),
        ),
        migrations.AddField(
            model_name="tariffrate",
            name="closed_by",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="customs.referenceproposal",
            ),
        ),
        migrations.AddField(
            model_name="tariffrate",
            name="proposal",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="customs.referenceproposal",
            ),
        ),
        migrations.AddIndex(
            model_name="tariffrate",
            index=models.Index(fields=["hs_code", "valid_from"], name="tariff_rate_of_code"),
        ),
        migrations.AddConstraint(
            model_name="tariffrate",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("consumption_tax_specific", 0), ("consumption_tax_unit", "")),
                    models.Q(
                        ("consumption_tax_specific__gt", 0),
                        models.Q(("consumption_tax_unit", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="a_tax_by_quantity_says_for_which_unit",
            ),
        ),
        migrations.AddIndex(
            model_name="referenceproposal",
            index=models.Index(fields=["proposed_at", "id"], name="reference_proposal_by_time"),
        ),
        migrations.AddConstraint(
            model_name="referencedecision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("approved", True), models.Q(("reason", ""), _negated=True), _connector="OR"
                ),
                name="a_refused_proposal_has_its_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="referencechange",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("closes__isnull", True), ("last_day__isnull", True)),
                    models.Q(("closes__isnull", False), ("last_day__isnull", False)),
                    _connector="OR",
                ),
                name="what_is_ended_has_its_last_day",
            ),
        ),
        migrations.AddIndex(
            model_name="positiveentry",
            index=models.Index(fields=["code", "valid_from"], name="positive_entry_of_code"),
        ),
        migrations.AddIndex(
            model_name="exchangerate",
            index=models.Index(fields=["currency", "valid_from"], name="exchange_rate_of_currency"),
        ),
        migrations.AddConstraint(
            model_name="exchangerate",
            constraint=models.CheckConstraint(
                condition=models.Q(("cny__gt", 0), ("per__gt", 0)),
                name="a_customs_rate_is_above_zero",
            ),
        ),
        migrations.AddIndex(
            model_name="customscode",
            index=models.Index(
                fields=["table", "code", "valid_from"], name="customs_code_of_table"
            ),
        ),
        migrations.RunSQL(_FROM_BEFORE, migrations.RunSQL.noop),
        migrations.RemoveField(
            model_name="tariffrate",
            name="on_positive_list",
        ),
        migrations.RunSQL(_ONE_A_DAY, _NOT_ANY_MORE),
        changes_only("customs_tariffrate", "valid_to", "closed_by_id"),
        changes_only("customs_positiveentry", "valid_to", "closed_by_id"),
        changes_only("customs_exchangerate", "valid_to", "closed_by_id"),
        changes_only("customs_customscode", "valid_to", "closed_by_id"),
        insert_only("customs_referenceproposal"),
        insert_only("customs_referencechange"),
        insert_only("customs_referencedecision"),
    ]
