"""What the kinds of reference data are called."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("customs", "0018_papers_in_versions"),
    ]

    operations = [
        migrations.AlterField(
            model_name="customscode",
            name="table",
            field=models.CharField(
                choices=[
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
        migrations.AlterField(
            model_name="referenceproposal",
            name="kind",
            field=models.CharField(
                choices=[
                    ("tariff", "tariff"),
                    ("positive", "positive list"),
                    ("exchange", "customs exchange rates"),
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
    ]
