"""Parts that were dealt with, and replies counted under a key that never changed, go: both could be traced to a number."""

from django.db import migrations, models


def drop_what_was_dealt_with(apps, schema_editor):
    apps.get_model("reporting", "Part").objects.filter(text="").delete()


class Migration(migrations.Migration):

    dependencies = [
        ("reporting", "0004_what_waits_for_a_person"),
    ]

    operations = [
        migrations.RunPython(drop_what_was_dealt_with, migrations.RunPython.noop, elidable=True),
        migrations.DeleteModel(name="Replies"),
        migrations.CreateModel(
            name="Replies",
            fields=[
                ("number", models.BinaryField(max_length=32, primary_key=True, serialize=False)),
                ("day", models.DateField()),
                ("count", models.PositiveSmallIntegerField(default=0)),
            ],
            options={"verbose_name_plural": "replies"},
        ),
        migrations.CreateModel(
            name="DayKey",
            fields=[
                ("day", models.DateField(primary_key=True, serialize=False)),
                ("key", models.BinaryField(max_length=32)),
            ],
        ),
        migrations.CreateModel(
            name="Seen",
            fields=[
                ("digest", models.BinaryField(max_length=32, primary_key=True, serialize=False)),
                ("day", models.DateField()),
            ],
            options={"verbose_name_plural": "seen"},
        ),
        migrations.AlterField(
            model_name="part",
            name="digest",
            field=models.BinaryField(help_text="What stays of it, as `Seen`.", max_length=32),
        ),
        migrations.AlterField(
            model_name="part",
            name="text",
            field=models.CharField(max_length=320),
        ),
    ]
