"""What is taken back of a scope is found page by page, without reading the whole feed for each."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("reporting", "0009_erased_media_with_files"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="feedentry",
            index=models.Index(fields=["scope", "first"], name="feed_first_in_scope"),
        ),
    ]
