"""The addresses of customers and of vendors, each behind a prefix of its own."""

from django.urls import path

from parties import views

customers = (
    [
        path("", views.CustomerList.as_view(), name="list"),
        path("new/", views.NewCustomer.as_view(), name="new"),
        path("<int:pk>/", views.CustomerPage.as_view(), name="view"),
        path("<int:pk>/edit/", views.EditCustomer.as_view(), name="edit"),
    ],
    "customers",
)

vendors = (
    [
        path("", views.VendorList.as_view(), name="list"),
        path("new/", views.NewVendor.as_view(), name="new"),
        path("<int:pk>/", views.VendorPage.as_view(), name="view"),
        path("<int:pk>/edit/", views.EditVendor.as_view(), name="edit"),
    ],
    "vendors",
)
