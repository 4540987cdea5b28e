"""Every address of Serialbook; each app lists its own."""

from django.contrib import admin
from django.contrib.auth import views as auth
from django.urls import include, path

from accounting.urls import accounts, periods
from company.views import preferences
from inventory import views
from parties.urls import customers, vendors

urlpatterns = [
    path("", views.home, name="home"),
    path("search/", views.search, name="search"),
    path("preferences/", preferences, name="preferences"),
    path("", include("items.urls")),
    path("customers/", include(customers)),
    path("vendors/", include(vendors)),
    path("locations/", include("locations.urls")),
    path("accounts/", include(accounts)),
    path("periods/", include(periods)),
    path("transactions/", include("transactions.urls")),
    path("reports/", include("reports.urls")),
    path("setup/company/", include("company.urls")),
    path("admin/", admin.site.urls),
    path("login/", auth.LoginView.as_view(redirect_authenticated_user=True), name="login"),
    path("logout/", auth.LogoutView.as_view(), name="logout"),
]
