"""A share without its round is filled in where that is possible, and else refused in words.

The trigger that finds a share's round runs after PostgreSQL has chosen the part of the table: of a
round whose shares lie in a part of their own, a row that does not name it has gone astray.
"""

from django.db import migrations

_FIND = """
CREATE OR REPLACE FUNCTION procurement_share_of_order() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    SELECT line.order_id, placed.round_id INTO NEW.order_id, NEW.round_id
    FROM procurement_purchaseorderline AS line
    JOIN procurement_purchaseorder AS placed ON placed.id = line.order_id
    WHERE line.id = NEW.line_id;
    {check}
    RETURN NEW;
END $$
"""
_CHECK = """
    IF to_regclass(format('procurement_ordershare_%s', NEW.round_id)) IS NOT NULL THEN
        RAISE check_violation USING MESSAGE = format(
            'the shares of round %s lie in a part of their own: name round_id with them',
            NEW.round_id);
    END IF;
"""


class Migration(migrations.Migration):
    dependencies = [("procurement", "0027_finals_tries_and_credits")]

    operations = [
        migrations.RunSQL(_FIND.replace("{check}", _CHECK), _FIND.replace("{check}", "")),
    ]
