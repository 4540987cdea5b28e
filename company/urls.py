from django.urls import path

from company import views

app_name = "company"

urlpatterns = [path("", views.EditCompany.as_view(), name="edit")]
