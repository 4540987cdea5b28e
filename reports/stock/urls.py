from django.urls import path

from reports.stock import views

urlpatterns = [
    path("inventory-valuation/", views.ValuationSummary.as_view(), name="inventory-valuation"),
    path(
        "inventory-valuation-detail/",
        views.valuation_detail,
        name="inventory-valuation-detail",
    ),
    path("serials-on-hand/", views.SerialsOnHand.as_view(), name="serials-on-hand"),
    path("stock-ledger/", views.StockLedger.as_view(), name="stock-ledger"),
    path("inventory-activity/", views.InventoryActivity.as_view(), name="inventory-activity"),
]
