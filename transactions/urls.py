from django.urls import include, path

from transactions.views import count_lines, counts, entering, lists, printing, record, verbs

app_name = "transactions"

# What only a count has; the names are those of every document, so that all links lead here.
count_patterns = [
    path("new/", counts.NewCount.as_view(), name="new"),
    path("<int:pk>/", counts.ViewCount.as_view(), name="view"),
    path("<int:pk>/lines/<int:line_no>/", count_lines.CountLine.as_view(), name="count-line"),
]

urlpatterns = [
    path("inventory-count/", include(count_patterns), {"kind": "inventory-count"}),
    path("item-options/", entering.ItemOptions.as_view(), name="item-options"),
    path("<slug:kind>/", lists.DocumentList.as_view(), name="list"),
    path("<slug:kind>/new/", entering.NewDocument.as_view(), name="new"),
    path("<slug:kind>/<int:pk>/", record.ViewDocument.as_view(), name="view"),
    path("<slug:kind>/<int:pk>/print/", printing.PrintDocument.as_view(), name="print"),
    path("<slug:kind>/<int:pk>/advance/", verbs.Advance.as_view(), name="advance"),
    path("<slug:kind>/queue/", lists.Queue.as_view(), name="queue"),
    path("<slug:kind>/<int:pk>/edit/", entering.EditDocument.as_view(), name="edit"),
    path("<slug:kind>/<int:pk>/correct/", entering.CorrectDocument.as_view(), name="correct"),
    path("<slug:kind>/<int:pk>/void/", verbs.Void.as_view(), name="void"),
    path(
        "<slug:kind>/<int:pk>/serials/<int:line_no>/",
        record.LineSerials.as_view(),
        name="line-serials",
    ),
]
