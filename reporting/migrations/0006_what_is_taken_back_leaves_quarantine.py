"""What is kept in quarantine knows what it is about, however its phone spelled that, and an SMS by its link."""

import uuid

from django.db import migrations, models


def say_what_each_is_about(apps, schema_editor):
    quarantined = apps.get_model("reporting", "Quarantined")
    for row in quarantined.objects.filter(content__has_key="entity_id").iterator():
        try:
            about = uuid.UUID(row.content["entity_id"])
        except (ValueError, TypeError, AttributeError):
            continue
        quarantined.objects.filter(pk=row.pk).update(entity_id=about)


class Migration(migrations.Migration):

    dependencies = [
        ("reporting", "0005_a_number_is_kept_until_its_reply"),
    ]

    operations = [
        migrations.AddField(
            model_name="quarantined",
            name="entity_id",
            field=models.UUIDField(help_text="What it is about, so that it goes when that is taken back.", null=True),
        ),
        migrations.AddField(
            model_name="quarantined",
            name="link",
            field=models.BinaryField(help_text="What a partial form carries, for the same.", max_length=8, null=True),
        ),
        migrations.RunPython(say_what_each_is_about, migrations.RunPython.noop, elidable=True),
    ]
