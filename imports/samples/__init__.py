"""Ten files that look like life, and one as long as you like. All people in them are invented."""

from .files import SAMPLES, write_samples
from .people import HEADER, big_csv, people

__all__ = ["HEADER", "SAMPLES", "big_csv", "people", "write_samples"]
