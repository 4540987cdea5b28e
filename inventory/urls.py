"""Every address of Serialbook; each app lists its own."""

from django.contrib import admin
from django.urls import include, path

from accounting.urls import accounts, periods
from audit_trail.views import AuditTrail
from company.views import Preferences
from inventory import views
from parties.urls import customers, vendors

handler400 = views.bad_request
handler403 = "users.views.refused"

urlpatterns = [
    path("", views.home, name="home"),
    path("search/", views.search, name="search"),
    path("preferences/", Preferences.as_view(), name="preferences"),
    path("", include("items.urls")),
    path("customers/", include(customers)),
    path("vendors/", include(vendors)),
    path("locations/", include("locations.urls")),
    path("accounts/", include(accounts)),
    path("periods/", include(periods)),
    path("transactions/", include("transactions.urls")),
    path("reports/", include("reports.urls")),
    path("setup/company/", include("company.urls")),
    path("setup/", include("users.urls")),
    path("labels/", include("labels.urls")),
    path("setup/import/", include("imports.urls")),
    path("", include("signin.urls")),  # before the admin site, whose door is ours
    path("setup/audit-trail/", AuditTrail.as_view(), name="audit-trail"),
    path("admin/", admin.site.urls),
]
