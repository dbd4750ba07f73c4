from django.contrib.postgres.functions import RandomUUID
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("reporting", "0017_what_is_nowhere"),
    ]

    operations = [
        # PostgreSQL works it out for each row that is there, and for those that processes of the version before still add.
        migrations.AddField(
            model_name="user",
            name="opaque_id",
            field=models.UUIDField(
                db_default=RandomUUID(),
                editable=False,
                help_text="Whose words these are, as phones say it.",
                unique=True,
            ),
        ),
    ]
