"""Give documents written before this version their total, their lines' cost and shares' sale."""

from django.db import migrations
from django.db.models import OuterRef, Subquery, Sum
from django.db.models.functions import Coalesce


def fill(apps, schema_editor):
    Transaction = apps.get_model("transactions", "Transaction")
    Line = apps.get_model("transactions", "TransactionLine")
    Move = apps.get_model("transactions", "StockMove")
    LineUnit = apps.get_model("transactions", "LineUnit")
    own = Line.objects.filter(transaction=OuterRef("pk")).order_by().values("transaction")
    total = own.annotate(sum=Sum("amount")).values("sum")
    Transaction.objects.update(total=Coalesce(Subquery(total), 0))
    # A pick's units move twice, on the same line and at the same cost.
    moves = Move.objects.filter(line=OuterRef("pk"), posting__reverses=None).order_by()
    moves = moves.values("line")
    picked = moves.filter(target_status="picked").annotate(sum=Sum("cost")).values("sum")
    moved = moves.exclude(target_status="picked").annotate(sum=Sum("cost")).values("sum")
    Line.objects.update(cost=Coalesce(Subquery(moved), Subquery(picked), 0))
    shares = LineUnit.objects.filter(amount__isnull=False)
    source = Line.objects.filter(pk=OuterRef("line")).values("created_from_line")
    shares.update(sale=Subquery(source))


class Migration(migrations.Migration):
    dependencies = [("transactions", "0002_every_document")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
