"""Who filed a forecast, and from where."""

import django.db.models.deletion
import pghistory.utils
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import core.history
from core.history import walled


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0009_first_operator"),
        ("catalog", "0003_accounts_are_settlements"),
        ("procurement", "0010_sizes_of_forecasts"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ForecastEvent",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("pgh_owner", models.BigIntegerField(null=True)),
                ("pgh_person", models.BigIntegerField(null=True)),
                ("pgh_company", models.BigIntegerField(null=True)),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("pgh_context_id", models.UUIDField(null=True)),
                ("id", models.BigIntegerField()),
                ("version", models.PositiveIntegerField()),
                ("filed_at", models.DateTimeField()),
                ("source", models.CharField(default="form", max_length=8)),
            ],
            options={
                "abstract": False,
                "default_permissions": (),
            },
        ),
        migrations.AddIndex(
            model_name="forecastuploadevent",
            index=models.Index(
                fields=["pgh_owner", "pgh_created_at", "pgh_id"], name="forecastupload_hist_own"
            ),
        ),
        migrations.AddIndex(
            model_name="forecastuploadevent",
            index=models.Index(
                condition=models.Q(("pgh_label", "delete")),
                fields=["pgh_obj"],
                name="forecastupload_hist_gone",
            ),
        ),
        migrations.AddIndex(
            model_name="poolroundevent",
            index=models.Index(
                fields=["pgh_owner", "pgh_created_at", "pgh_id"], name="poolround_hist_own"
            ),
        ),
        migrations.AddIndex(
            model_name="poolroundevent",
            index=models.Index(
                condition=models.Q(("pgh_label", "delete")),
                fields=["pgh_obj"],
                name="poolround_hist_gone",
            ),
        ),
        migrations.AddIndex(
            model_name="pricebreakevent",
            index=models.Index(
                fields=["pgh_owner", "pgh_created_at", "pgh_id"], name="pricebreak_hist_own"
            ),
        ),
        migrations.AddIndex(
            model_name="pricebreakevent",
            index=models.Index(
                condition=models.Q(("pgh_label", "delete")),
                fields=["pgh_obj"],
                name="pricebreak_hist_gone",
            ),
        ),
        migrations.AddIndex(
            model_name="purchaseorderevent",
            index=models.Index(
                fields=["pgh_owner", "pgh_created_at", "pgh_id"], name="purchaseorder_hist_own"
            ),
        ),
        migrations.AddIndex(
            model_name="purchaseorderevent",
            index=models.Index(
                condition=models.Q(("pgh_label", "delete")),
                fields=["pgh_obj"],
                name="purchaseorder_hist_gone",
            ),
        ),
        migrations.AddIndex(
            model_name="shipmentevent",
            index=models.Index(
                fields=["pgh_owner", "pgh_created_at", "pgh_id"], name="shipment_hist_own"
            ),
        ),
        migrations.AddIndex(
            model_name="shipmentevent",
            index=models.Index(
                condition=models.Q(("pgh_label", "delete")),
                fields=["pgh_obj"],
                name="shipment_hist_gone",
            ),
        ),
        migrations.AddIndex(
            model_name="supplierofferevent",
            index=models.Index(
                fields=["pgh_owner", "pgh_created_at", "pgh_id"], name="supplieroffer_hist_own"
            ),
        ),
        migrations.AddIndex(
            model_name="supplierofferevent",
            index=models.Index(
                condition=models.Q(("pgh_label", "delete")),
                fields=["pgh_obj"],
                name="supplieroffer_hist_gone",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="forecast",
            trigger=pgtrigger.compiler.Trigger(
                name="history_insert",
                sql=core.history.TriggerSql(
                    func='INSERT INTO "procurement_forecastevent" ("pgh_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pgh_owner", "pgh_context", "pgh_context_id", "pgh_person", "pgh_company", "id", "round_id", "seller_id", "version", "filed_at", "filed_by_id", "source") SELECT nextval(\'core_history_number\'), now(), \'insert\', it."id", (it.seller_id), _facts, nullif(current_setting(\'pghistory.context_id\', true), \'\')::uuid, (_facts ->> \'person\')::bigint, (_facts ->> \'company\')::bigint, it."id", it."round_id", it."seller_id", it."version", it."filed_at", it."filed_by_id", it."source" FROM rows AS it;',
                    hash="0b8db82e761c5b71abc0c040f2ae62eaffa9780f",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_history_insert_84bca",
                    referencing="REFERENCING NEW TABLE AS rows ",
                    table="procurement_forecast",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddField(
            model_name="forecastevent",
            name="filed_by",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="forecastevent",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="procurement.forecast",
            ),
        ),
        migrations.AddField(
            model_name="forecastevent",
            name="round",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="procurement.poolround",
            ),
        ),
        migrations.AddField(
            model_name="forecastevent",
            name="seller",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="accounts.company",
            ),
        ),
        migrations.AddIndex(
            model_name="forecastevent",
            index=models.Index(fields=["pgh_obj", "pgh_id"], name="forecast_hist_row"),
        ),
        migrations.AddIndex(
            model_name="forecastevent",
            index=models.Index(fields=["pgh_created_at", "pgh_id"], name="forecast_hist_when"),
        ),
        migrations.AddIndex(
            model_name="forecastevent",
            index=models.Index(
                fields=["pgh_person", "pgh_created_at", "pgh_id"], name="forecast_hist_who"
            ),
        ),
        migrations.AddIndex(
            model_name="forecastevent",
            index=models.Index(
                fields=["pgh_company", "pgh_created_at", "pgh_id"], name="forecast_hist_firm"
            ),
        ),
        migrations.AddIndex(
            model_name="forecastevent",
            index=models.Index(
                fields=["pgh_owner", "pgh_created_at", "pgh_id"], name="forecast_hist_own"
            ),
        ),
        migrations.AddIndex(
            model_name="forecastevent",
            index=models.Index(fields=["pgh_context_id"], name="forecast_hist_req"),
        ),
        walled("procurement_forecastevent"),
    ]
