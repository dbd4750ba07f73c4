from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def take_no_risk(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Who ended those that are over was not written down; who gave theirs back logs in anew, and nothing is lost."""
    apps.get_model("reporting", "Grant").objects.exclude(revoked_at=None).update(ended=True)


class Migration(migrations.Migration):
    dependencies = [
        ("reporting", "0015_what_others_bring_apart"),
    ]

    operations = [
        migrations.AddField(
            model_name="grant",
            name="ended",
            field=models.BooleanField(
                default=False, help_text="Not by who has the phone: it may have been stolen."
            ),
        ),
        migrations.RunPython(take_no_risk, migrations.RunPython.noop),
    ]
