"""A forecast knows how many products and units its lines come to."""

from typing import ClassVar

from django.db import migrations, models

_KEEP = """
CREATE FUNCTION procurement_size_of_forecast() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE procurement_forecast AS filed
    SET products = filed.products + added.products, units = filed.units + added.units
    FROM (
        SELECT forecast_id, count(*) AS products, sum(quantity) AS units
        FROM added_lines GROUP BY forecast_id
    ) AS added WHERE added.forecast_id = filed.id;
    RETURN NULL;
END $$;
CREATE TRIGGER forecast_knows_its_size AFTER INSERT ON procurement_forecastline
REFERENCING NEW TABLE AS added_lines
FOR EACH STATEMENT EXECUTE FUNCTION procurement_size_of_forecast();
UPDATE procurement_forecast AS filed SET products = told.products, units = told.units
FROM (
    SELECT forecast_id, count(*) AS products, sum(quantity) AS units
    FROM procurement_forecastline GROUP BY forecast_id
) AS told WHERE told.forecast_id = filed.id;
SET CONSTRAINTS ALL IMMEDIATE;
"""
_UNDO = """
DROP TRIGGER forecast_knows_its_size ON procurement_forecastline;
DROP FUNCTION procurement_size_of_forecast();
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("procurement", "0009_shares_of_orders")]

    operations: ClassVar = [
        migrations.AddField(
            "forecast", "products", models.PositiveIntegerField(default=0, editable=False)
        ),
        migrations.AddField(
            "forecast", "units", models.PositiveBigIntegerField(default=0, editable=False)
        ),
        migrations.RunSQL(_KEEP, _UNDO),
    ]
