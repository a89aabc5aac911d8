#!/usr/bin/env python
"""Django's command line for this site."""

import os
import sys

if __name__ == "__main__":
    # What is written here is for this user only.
    os.umask(0o077)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "site_project.settings")
    from django.core.management import execute_from_command_line

    from site_project.failures import explain_failure

    try:
        execute_from_command_line(sys.argv)
    except Exception as error:
        words = explain_failure(error)
        if words is None or "--traceback" in sys.argv:
            raise
        sys.stderr.write(f"{words}\n")
        sys.exit(2)
