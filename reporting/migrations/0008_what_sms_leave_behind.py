"""Parts of SMS that never became whole leave no words, and who stands for the sender of one counts as no new phone."""

from django.db import migrations, models


def forget_parts_and_senders(apps, schema_editor):
    apps.get_model("reporting", "Quarantined").objects.filter(code="incomplete").update(raw=None)
    senders = apps.get_model("reporting", "Profile").objects.filter(write_hash=None, reports__partial=True)
    senders.update(enrolled_at=None)


class Migration(migrations.Migration):

    dependencies = [
        ("reporting", "0007_what_no_report_has_named"),
    ]

    operations = [
        migrations.AlterField(
            model_name="profile",
            name="enrolled_at",
            field=models.DateTimeField(
                db_index=True, help_text="None: it stands for who sent an SMS, and is no phone's.", null=True
            ),
        ),
        migrations.RunPython(forget_parts_and_senders, migrations.RunPython.noop, elidable=True),
    ]
