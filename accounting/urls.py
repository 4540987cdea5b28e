"""The addresses of accounts and of accounting periods, each behind a prefix of its own."""

from django.urls import path

from accounting import views

accounts = (
    [
        path("", views.AccountList.as_view(), name="list"),
        path("new/", views.NewAccount.as_view(), name="new"),
        path("<int:pk>/", views.AccountPage.as_view(), name="view"),
        path("<int:pk>/edit/", views.EditAccount.as_view(), name="edit"),
    ],
    "accounts",
)

periods = (
    [
        path("", views.PeriodList.as_view(), name="list"),
        path("new/", views.NewPeriod.as_view(), name="new"),
        path("add-year/", views.AddYear.as_view(), name="add-year"),
        path("<int:pk>/", views.PeriodPage.as_view(), name="view"),
        path("<int:pk>/edit/", views.EditPeriod.as_view(), name="edit"),
        path("<int:pk>/close/", views.ChangePeriod.as_view(closed=True), name="close"),
        path("<int:pk>/reopen/", views.ChangePeriod.as_view(closed=False), name="reopen"),
    ],
    "periods",
)
