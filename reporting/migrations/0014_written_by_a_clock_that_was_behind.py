from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("reporting", "0013_about_an_office_that_is_not_listed"),
    ]

    operations = [
        migrations.AddField(
            model_name="report",
            name="written_after",
            field=models.DateTimeField(blank=True, help_text="Only if the phone's clock was behind.", null=True),
        ),
    ]
