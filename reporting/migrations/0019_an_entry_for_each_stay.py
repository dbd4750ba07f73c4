from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("reporting", "0018_whose_words_these_are"),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="feedentry", name="feed_newest_per_entity"),
        migrations.AddConstraint(
            model_name="feedentry",
            constraint=models.UniqueConstraint(
                condition=models.Q(("removed", False)),
                fields=("scope", "entity", "entity_id"),
                name="feed_once_while_there",
            ),
        ),
    ]
