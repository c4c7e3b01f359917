"""The addresses of customs: declarations, the account book, reference data, retail lists."""

from __future__ import annotations

from django.urls import path

from customs.views import book as booking
from customs.views import (
    collecting,
    countering,
    exporting,
    filing,
    judging,
    preparing,
    stating,
    tariff,
)
from customs.views import deadlines as days
from customs.views import declarations as declaring
from customs.views import guarantees as standing_for
from customs.views import links as linked
from customs.views import messages as posting
from customs.views import papers as printed
from customs.views import parcel_papers as numbered
from customs.views import parties as standing
from customs.views import permits as permitted
from customs.views import receipts as answers
from customs.views import reference as referring
from customs.views import retail as parcels
from customs.views import ways as going
from customs.views import zone as zoned

DECLARING = [
    path("customs/declarations/", declaring.declarations, name="declarations"),
    path("customs/shipments/<str:number>/declare/", declaring.declare, name="declare"),
    path("customs/declarations/<str:reference>.pdf", declaring.paper, name="declaration_paper"),
    path("customs/declarations/<str:reference>/", declaring.declaration, name="declaration"),
    path("customs/declarations/<str:reference>/paper/", declaring.queue, name="declaration_queue"),
    *(
        path(f"customs/declarations/<str:reference>/{n}/", v, name=f"declaration_{n}")
        for n, v in (*declaring.STEPS, *countering.OF_DECLARATIONS, *zoned.OF_DECLARATIONS)
    ),
    *(
        path(f"customs/requests/<str:number>/{n}/", v, name=f"counter_{n}")
        for n, v in countering.OF_REQUESTS
    ),
    *(
        path(f"customs/declarations/<str:reference>/papers/{route}", v, name=name)
        for route, v, name in printed.PAGES
    ),
    *(path(f"customs/{route}", v, name=name) for route, v, name in printed.OF_SELLERS),
    *(path(f"papers/{route}", v, name=name) for route, v, name in linked.PAGES),
    *(path(f"customs/books/{route}", v, name=name) for route, v, name in booking.PAGES),
    *(path(f"customs/{route}/", v, name=name) for route, v, name in tariff.PAGES),
    *(path(f"customs/{route}", v, name=name) for route, v, name in posting.PAGES),
    *(path(f"customs/{route}", v, name=name) for route, v, name in referring.PAGES),
    *(path(f"customs/{route}", v, name=name) for route, v, name in answers.PAGES),
    *(path(f"customs/{route}", v, name=name) for route, v, name in standing.PAGES),
    *(path(f"customs/{route}", v, name=name) for route, v, name in preparing.PAGES),
    *(path(f"customs/{route}", v, name=name) for route, v, name in days.PAGES),
    *(path(f"customs/{route}", v, name=name) for route, v, name in going.PAGES),
    *(path(f"customs/{route}", v, name=name) for route, v, name in collecting.PAGES),
    *(path(f"customs/{route}", v, name=name) for route, v, name in standing_for.PAGES),
    *(path(f"customs/{route}", v, name=name) for route, v, name in filing.PAGES),
    *(path(f"customs/{route}", v, name=name) for route, v, name in exporting.PAGES),
    *(path(f"customs/{route}", v, name=name) for route, v, name in numbered.PAGES),
    *(path(f"customs/{route}", v, name=name) for route, v, name in stating.PAGES),
    *(path(f"customs/{route}", v, name=name) for route, v, name in permitted.PAGES),
    *(path(f"customs/{route}", v, name=name) for route, v, name in judging.PAGES),
    path("retail-lists/", parcels.retail_lists, name="retail_lists"),
    path("retail-lists/<str:number>/", parcels.retail_list, name="retail_list"),
    path("retail-lists/<str:number>/anew/", parcels.tell_anew, name="retail_list_anew"),
    path("retail-lists/<str:number>/papers/", parcels.print_list, name="retail_papers"),
    path("retail-lists/<str:number>/papers/<str:document>.pdf", parcels.paper, name="retail_paper"),
    path("retail-lists/<str:number>/release/", parcels.release_list, name="retail_list_release"),
]
