from django.urls import path

from reports import views

app_name = "reports"

urlpatterns = [
    path("income-statement/", views.income_statement, name="income-statement"),
    path("serialized-profit/", views.SerializedProfit.as_view(), name="serialized-profit"),
    path("trial-balance/", views.trial_balance, name="trial-balance"),
]
