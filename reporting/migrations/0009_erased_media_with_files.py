"""What was erased and still has files is found without reading every medium."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("reporting", "0008_what_sms_leave_behind"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="medium",
            index=models.Index(
                condition=models.Q(
                    models.Q(
                        models.Q(("image", ""), _negated=True),
                        models.Q(("sound", ""), _negated=True),
                        models.Q(("original", ""), _negated=True),
                        ("offset__gt", 0),
                        _connector="OR",
                    ),
                    ("state", "erased"),
                ),
                fields=["id"],
                name="medium_to_forget",
            ),
        ),
    ]
