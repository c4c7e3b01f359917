"""A plan tells what all sellers of a round wish together, and who dropped out of it."""

from django.db import migrations

from core.walls import ACTING, protected

#: Who buys what was planned may read it; only the platform plans, for no company's own.
_BOUGHT = (
    "round_id IN (SELECT bought.round_id FROM procurement_purchaseorder AS bought "  # noqa: S608
    f"WHERE bought.buyer_id = {ACTING})"
)


class Migration(migrations.Migration):
    dependencies = [
        ("procurement", "0021_bill_runs"),
    ]

    operations = [
        protected("procurement_roundplan", "NULL::bigint", seen_if=_BOUGHT),
    ]
