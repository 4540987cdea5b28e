"""Whoever could log in before there were roles could do everything, and goes on doing so."""

from django.db import migrations


def make_administrators(apps, schema_editor):
    Group, User = apps.get_model("auth", "Group"), apps.get_model("auth", "User")
    group, _ = Group.objects.get_or_create(name="Administrator")
    group.user_set.add(*User.objects.filter(is_active=True))


class Migration(migrations.Migration):
    dependencies = [("users", "0001_initial"), ("auth", "0012_alter_user_first_name_max_length")]

    operations = [migrations.RunPython(make_administrators, migrations.RunPython.noop)]
