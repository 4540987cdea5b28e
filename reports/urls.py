from django.urls import include, path

from reports import views
from reports.integrity import views as integrity

app_name = "reports"

urlpatterns = [
    path("balance-sheet/", views.balance_sheet, name="balance-sheet"),
    path("general-ledger/", views.general_ledger, name="general-ledger"),
    path("income-statement/", views.income_statement, name="income-statement"),
    path("integrity/", integrity.integrity, name="integrity"),
    path("integrity/run/", integrity.run_now, name="integrity-run"),
    path("serialized-profit/", views.SerializedProfit.as_view(), name="serialized-profit"),
    path("trial-balance/", views.trial_balance, name="trial-balance"),
    path("", include("reports.stock.urls")),
    path("", include("reports.trade.urls")),
]
