"""`python -m imports.sandbox`: the same as `manage.py sandbox`, without Django."""

import argparse
import sys

from .command import HELP, add_arguments, serve

if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m imports.sandbox", description=HELP)
    add_arguments(parser)
    sys.exit(serve(vars(parser.parse_args())))
