"""Rows of text -> the bytes of a file, piece by piece: whatever its length, memory stays flat and nothing is on disk.

The pieces go straight to a browser or into a vault. Knows neither Django nor the database.
"""

from .delimited import csv_pieces
from .workbook import Line, workbook_pieces

__all__ = ["Line", "csv_pieces", "workbook_pieces"]
