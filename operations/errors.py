"""Errors are reported to Sentry, or whatever speaks its language, if SENTRY_DSN names one."""

from __future__ import annotations

from django.core.exceptions import ImproperlyConfigured


def report_to(dsn: str) -> None:
    """Begin to report; never who was logged in, nor what they typed."""
    try:
        import sentry_sdk
    except ImportError:
        raise ImproperlyConfigured(
            "SENTRY_DSN is set, and sentry-sdk is missing: pip install 'serialbook[sentry]'."
        ) from None
    sentry_sdk.init(
        dsn, send_default_pii=False, include_local_variables=False, max_request_body_size="never"
    )
