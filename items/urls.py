"""The addresses of items and of their serial numbers."""

from django.urls import path

from items.views.editing import Activity, EditItem, NewItem
from items.views.lists import ItemList
from items.views.reading import HowNumbersAreRead, TryNumber
from items.views.record import ItemRecord
from items.views.serial_numbers import SerialNumberPage

app_name = "items"

urlpatterns = [
    path("items/", ItemList.as_view(), name="list"),
    path("items/new/", NewItem.as_view(), name="new"),
    path("items/try-number/", TryNumber.as_view(), name="try-number"),
    path("items/<int:pk>/", ItemRecord.as_view(), name="view"),
    path("items/<int:pk>/edit/", EditItem.as_view(), name="edit"),
    path("items/<int:pk>/inactivate/", Activity.as_view(inactive=True), name="inactivate"),
    path("items/<int:pk>/reactivate/", Activity.as_view(inactive=False), name="reactivate"),
    path("help/serial-numbers/", HowNumbersAreRead.as_view(), name="how-numbers-are-read"),
    # A path: slashes belong to serial numbers.
    path("serials/<int:item_id>/<path:number>/", SerialNumberPage.as_view(), name="serial"),
]
