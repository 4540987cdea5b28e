"""The settings, as the tests need them."""

import os

os.environ["DEBUG"] = "true"  # static files from where they lie, cookies without TLS
os.environ["SECRET_KEY"] = "tests"

from inventory.settings import *  # noqa: F403
from inventory.settings import INSTALLED_APPS, MIDDLEWARE

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

# Whitenoise goes by DEBUG, which Django turns off while testing.
WHITENOISE_AUTOREFRESH = WHITENOISE_USE_FINDERS = True

# A page that asks once a row fails its test.
INSTALLED_APPS = [*INSTALLED_APPS, "zeal"]
MIDDLEWARE = ["zeal.middleware.zeal_middleware", *MIDDLEWARE]
ZEAL_RAISE = True
ZEAL_ALLOWLIST = [
    # The frame and the page each ask for the company: twice, however many rows.
    {"model": "company.Company"},
    # A form asks once for the account in each of its fields: a fixed number.
    {"model": "accounting.Account", "field": "get()"},
    # And for the location: from where, to where.
    {"model": "locations.Location", "field": "get()"},
    # The user who is logged in, and the one a filter names.
    {"model": "auth.User", "field": "get()"},
    # Logging out looks for the session twice.
    {"model": "signin.Session", "field": "get()"},
]
