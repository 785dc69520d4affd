#!/usr/bin/env python3
"""Django's command line: `python manage.py help` lists every command."""

import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "knowledgebase.settings")
    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as problem:
        # A missing setting is the operator's to mend: one sentence helps, a traceback does not.
        sys.exit(f"Not started: {problem}")


if __name__ == "__main__":
    main()
