from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("reporting", "0014_written_by_a_clock_that_was_behind"),
    ]

    operations = [
        migrations.AddField(
            model_name="medium",
            name="others_offset",
            field=models.PositiveIntegerField(
                help_text="What others than its author bring stands here, apart, since what all brought together was wrong.",
                null=True,
            ),
        ),
        migrations.RemoveIndex(model_name="medium", name="medium_to_forget"),
        migrations.AddIndex(
            model_name="medium",
            index=models.Index(
                condition=models.Q(
                    models.Q(
                        models.Q(("image", ""), _negated=True),
                        models.Q(("sound", ""), _negated=True),
                        models.Q(("original", ""), _negated=True),
                        ("offset__gt", 0),
                        ("others_offset__gt", 0),
                        _connector="OR",
                    ),
                    ("state", "erased"),
                ),
                fields=["id"],
                name="medium_to_forget",
            ),
        ),
    ]
