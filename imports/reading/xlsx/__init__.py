"""XLSX, read as a stream: rows come out while the sheet is still being unpacked, in memory that does not grow with it.

Source of the format: ECMA-376, part 1, sections 18.3 (worksheets), 18.4 (shared strings), 18.8 (styles). Where the
standard leaves a choice, cells become what calamine makes of them; tests/imports/reading/test_xlsx_twin.py compares
the two cell by cell.
"""
