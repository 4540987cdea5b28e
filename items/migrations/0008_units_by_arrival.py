import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('items', '0007_texts_have_an_end'),
    ]

    operations = [
        migrations.AlterField(
            model_name='serialunit',
            name='received_on',
            field=models.DateField(default=django.utils.timezone.localdate, editable=False),
        ),
        migrations.AddIndex(
            model_name='serialunit',
            index=models.Index(fields=['item', 'received_on', 'id'], name='unit_received'),
        ),
    ]
