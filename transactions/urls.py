from django.urls import path

from transactions.views import entering, lists, record, verbs

app_name = "transactions"

urlpatterns = [
    path("item-options/", entering.ItemOptions.as_view(), name="item-options"),
    path("<slug:kind>/", lists.DocumentList.as_view(), name="list"),
    path("<slug:kind>/new/", entering.NewDocument.as_view(), name="new"),
    path("<slug:kind>/<int:pk>/", record.ViewDocument.as_view(), name="view"),
    path("<slug:kind>/<int:pk>/advance/", verbs.Advance.as_view(), name="advance"),
    path("<slug:kind>/<int:pk>/void/", verbs.Void.as_view(), name="void"),
    path(
        "<slug:kind>/<int:pk>/serials/<int:line_no>/",
        record.LineSerials.as_view(),
        name="line-serials",
    ),
]
