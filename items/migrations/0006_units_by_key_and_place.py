import django.db.models.deletion
import items.fields
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('items', '0005_look_alikes'),
        ('locations', '0001_initial'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='serialunit',
            name='unit_number_key',
        ),
        migrations.AlterField(
            model_name='serialunit',
            name='location',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='units', to='locations.location'),
        ),
        migrations.AlterField(
            model_name='serialunit',
            name='number_key',
            field=items.fields.KeyField(editable=False, max_length=100),
        ),
        migrations.AddIndex(
            model_name='serialunit',
            index=models.Index(fields=['number_key'], name='unit_number_key'),
        ),
        migrations.AddIndex(
            model_name='serialunit',
            index=models.Index(fields=['last_location', 'item', 'number_key'], name='unit_place'),
        ),
    ]
