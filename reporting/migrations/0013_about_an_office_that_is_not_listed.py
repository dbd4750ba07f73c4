from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("reporting", "0012_case_numbers_tell_nothing"),
    ]

    operations = [
        migrations.AddField(
            model_name="report",
            name="about_unlisted",
            field=models.BooleanField(default=False, help_text="About an office that the phone's list lacks."),
        ),
        migrations.AddConstraint(
            model_name="report",
            constraint=models.CheckConstraint(
                condition=models.Q(("about_unlisted", False), ("audience", "mediator"), _connector="OR"),
                name="unlisted_narrow",
            ),
        ),
    ]
