"""The addresses of labels: how they are printed, what they look like, the file."""

from django.urls import path

from labels import views

app_name = "labels"

urlpatterns = [
    path("", views.Choose.as_view(), name="choose"),
    path("sheet.svg", views.preview, name="preview"),
    path("labels.pdf", views.print_labels, name="pdf"),
]
