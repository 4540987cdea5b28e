from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounting', '0001_initial'),
        ('items', '0006_units_by_key_and_place'),
        ('locations', '0001_initial'),
        ('parties', '0001_initial'),
        ('transactions', '0003_fill_totals'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name='posting',
            index=models.Index(fields=['date'], name='posting_day'),
        ),
        migrations.AddIndex(
            model_name='stockmove',
            index=models.Index(condition=models.Q(('source_status', '')), fields=['item', 'target_location', 'date'], name='stock_move_arrival'),
        ),
        migrations.AddIndex(
            model_name='transaction',
            index=models.Index(fields=['-date', '-id'], name='transaction_day'),
        ),
        migrations.AddIndex(
            model_name='transaction',
            index=models.Index(fields=['reference'], name='transaction_reference', opclasses=['varchar_pattern_ops']),
        ),
    ]
