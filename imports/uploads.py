"""How large a file that is handed in may be."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadhandler import FileUploadHandler, SkipFile

from imports.reading import MOST_BYTES

FORM = 1024 * 1024  # what else a form with a file may hold, generously


class BoundedUpload(FileUploadHandler):
    """Passes by a file that is too large, and tells the form by `request.file_is_too_large`."""

    is_too_large = False

    def handle_raw_input(
        self, input_data: Any, headers: Any, content_length: int, *rest: Any
    ) -> None:
        self.is_too_large = content_length > MOST_BYTES + FORM

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        if self.is_too_large:
            self.request.file_is_too_large = True  # type: ignore[union-attr]
            raise SkipFile

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None
