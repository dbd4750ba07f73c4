from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("reporting", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="report",
            name="consent",
            field=models.PositiveSmallIntegerField(
                blank=True,
                help_text="Version of the notice that the reporter agreed to; none: was not asked, in danger.",
                null=True,
            ),
        ),
    ]
