"""The addresses of imports."""

from django.urls import path, re_path

from imports import views

app_name = "imports"

urlpatterns = [
    path("", views.ImportList.as_view(), name="list"),
    path("new/", views.NewImport.as_view(), name="new"),
    re_path(r"^template/(?P<kind>[a-z_]+)\.(?P<form>csv|xlsx)$", views.blank, name="template"),
    path("<int:pk>/", views.ImportPage.as_view(), name="view"),
    path("<int:pk>/file/", views.original, name="file"),
    path("<int:pk>/confirm/", views.confirm, name="confirm"),
    path("<int:pk>/check/", views.check_again, name="check"),
    path("<int:pk>/discard/", views.discard, name="discard"),
]
