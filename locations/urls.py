from django.urls import path

from locations import views

app_name = "locations"

urlpatterns = [
    path("", views.LocationList.as_view(), name="list"),
    path("new/", views.NewLocation.as_view(), name="new"),
    path("<int:pk>/", views.LocationPage.as_view(), name="view"),
    path("<int:pk>/edit/", views.EditLocation.as_view(), name="edit"),
    path("<int:pk>/inactivate/", views.Inactivate.as_view(), name="inactivate"),
    path("<int:pk>/reactivate/", views.Reactivate.as_view(), name="reactivate"),
]
