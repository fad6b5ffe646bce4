"""The benchmark behind `manage.py bench`: the whole stack against django-import-export, in one run on one machine."""
