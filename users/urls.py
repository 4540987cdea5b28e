"""The addresses of users and of the table of roles."""

from django.urls import path

from users import views

urlpatterns = [
    path("users/", views.UserList.as_view(), name="users"),
    path("users/<int:pk>/", views.EditUser.as_view(), name="user"),
    path("roles/", views.RolesPage.as_view(), name="roles"),
]
