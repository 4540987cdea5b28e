"""The addresses of the trade reports, among those of `reports`."""

from django.urls import path

from reports.trade.views.orders import BackOrders, OpenPurchases
from reports.trade.views.profitability import Bookings, Profitability
from reports.trade.views.reorder import Reorder
from reports.trade.views.serial_history import SerialHistory
from reports.trade.views.worksheet import count_worksheet

urlpatterns = [
    path("profitability/", Profitability.as_view(), name="profitability"),
    path("profitability/<int:item_id>/", Bookings.as_view(), name="profitability-item"),
    path("profitability/other/", Bookings.as_view(), name="profitability-other"),
    path("back-orders/", BackOrders.as_view(), name="back-orders"),
    path("open-purchase-orders/", OpenPurchases.as_view(), name="open-purchase-orders"),
    path("items-to-reorder/", Reorder.as_view(), name="items-to-reorder"),
    path("count-worksheet/", count_worksheet, name="count-worksheet"),
    path("serial-number-history/", SerialHistory.as_view(), name="serial-history"),
]
