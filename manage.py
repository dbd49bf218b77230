#!/usr/bin/env python3
"""Every command of the project; with nothing but Python it first makes the environment (ccxp_prep/bootstrap.py)."""

import os
import sys

# Written so that any Python can read it, even one too old to run the rest.
if sys.version_info < (3, 11):
    sys.exit("CCXP Prep needs Python 3.11 or later; this is Python %d.%d." % sys.version_info[:2])

from ccxp_prep import bootstrap


def main():
    command = sys.argv[1] if len(sys.argv) > 1 else ""
    bootstrap.enter_environment(command)
    bootstrap.provide_secret_key(command)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings" if command == "test" else "ccxp_prep.settings")

    from django.core.management import execute_from_command_line  # noqa: PLC0415 - Django is there only now

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
