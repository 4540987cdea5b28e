#!/usr/bin/env python
"""Django's command line for Serialbook."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "inventory.settings")
    if sys.argv[1:2] == ["runserver"]:
        # The development server serves developers; a real server keeps the safe default.
        os.environ.setdefault("DEBUG", "true")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
