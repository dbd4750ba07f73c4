"""Alarms say more: that an office has nobody who can answer, that something which must follow fails, that danger is set aside."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("reporting", "0010_what_was_given_first"),
    ]

    operations = [
        migrations.AlterField(
            model_name="alarm",
            name="kind",
            field=models.CharField(
                choices=[
                    ("rule_names_nobody", "A rule finds no office"),
                    ("nobody_allowed", "Nobody the rules name may see the case"),
                    ("no_office", "The case is with no office"),
                    ("nobody_answers", "An office has cases and nobody who can answer them"),
                    ("reaction_fails", "Something that must follow fails again and again"),
                    ("danger_aside", "Danger is in the quarantine, and no office has it"),
                    ("access_given", "Somebody was given access to an office"),
                ],
                max_length=20,
                verbose_name="What is wrong",
            ),
        ),
    ]
