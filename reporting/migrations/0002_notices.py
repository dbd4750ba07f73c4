import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('reporting', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='report',
            name='notify_seq',
            field=models.BigIntegerField(default=-1, help_text="`seq` of the reporter's newest word on notices."),
        ),
        migrations.CreateModel(
            name='NotifyAddress',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sealed', models.BinaryField()),
                ('report', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='notify_address', to='reporting.report')),
            ],
        ),
    ]
