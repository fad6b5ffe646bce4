#!/usr/bin/env python3
"""`python3 manage.py up`, `python3 manage.py test`, and every Django command. Needs only Python 3.11 and pip."""

import os
import sys

if sys.version_info < (3, 11):  # older versions could not even read the modules below
    sys.exit("manage.py: Python 3.11 or newer is needed; this is " + sys.version.split()[0])

from dashboard import bootstrap, local


def main():
    try:
        bootstrap.ensure_packages(sys.argv)
        if sys.argv[1:2] == ["test"]:
            os.environ.pop("DJANGO_SETTINGS_MODULE", None)  # tests arrange the environment before settings read it
            os.execv(sys.executable, [sys.executable, "-m", "pytest"] + sys.argv[2:])
        local.prepare_for(sys.argv)
        run_django()
    except local.CannotStart as fault:
        sys.exit("manage.py: " + str(fault))
    except KeyboardInterrupt:
        sys.exit(130)


def run_django():
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dashboard.settings")
    try:
        import django
        from django.core.exceptions import ImproperlyConfigured
        from django.core.management import execute_from_command_line

        django.setup()
    except ImportError as fault:
        raise local.CannotStart(bootstrap.broken(fault))
    except ImproperlyConfigured as fault:
        raise local.CannotStart("settings to correct:\n" + str(fault))
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
