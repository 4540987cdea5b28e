"""Where a web server finds Serialbook: `gunicorn inventory.wsgi`."""

import gc
import os

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "inventory.settings")

# A key made up on the spot would be another one for every machine and after every new release.
if not settings.LOCAL and not os.environ.get("SECRET_KEY"):
    raise ImproperlyConfigured(
        "SECRET_KEY is not set. Set it to fifty random characters, the same ones at each start: "
        "python -c 'import secrets; print(secrets.token_urlsafe(50))'. "
        "To try Serialbook on this machine alone, set LOCAL=true."
    )

application = get_wsgi_application()

import inventory.urls  # noqa: E402, F401 (every page is loaded now, not by whoever comes first)
from imports.running import begin  # noqa: E402 (there are no apps before)

# What is loaded by now stays. The garbage collector need not walk through it again in the middle
# of a long receipt, which took it 70 ms.
gc.collect()
gc.freeze()

begin()  # what was cut off when the server stopped is taken up again
