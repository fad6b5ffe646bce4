"""What reading a file found or refused."""

from django.utils.translation import gettext_noop as N_

FILES: dict[str, tuple[str, str]] = {
    "rows_gone": (
        N_("The rows of the earlier import are no longer kept, so they cannot be taken from it."),
        N_("Import the original file again."),
    ),
    "reading_stopped": (N_("Reading was stopped because something else was chosen."), N_("Wait a moment.")),
    "storage_failed": (
        N_("The table could not be stored (%(reason)s)."),
        N_("Ask your administrator to check the free space and the rights of the data folder."),
    ),
    "empty_file": (N_("The file holds nothing."), N_("Choose another file.")),
    "no_rows": (N_("The file has a header but no rows under it."), N_("Add rows, or correct the header row.")),
    "source_too_large": (N_("The file is larger than %(limit)s bytes."), N_("Split it.")),
    "not_a_table": (
        N_("The file is not a table (%(looks_like)s)."),
        N_("Save the table as XLSX or CSV and upload that."),
    ),
    "macro_workbook": (N_("This is a workbook with macros (XLSM)."), N_("Save it as XLSX.")),
    "binary_workbook": (N_("This is a binary workbook (XLSB)."), N_("Save it as XLSX.")),
    "encrypted_workbook": (
        N_("The workbook is protected by a password."),
        N_("Remove the password and save it again."),
    ),
    "broken_workbook": (N_("The workbook is damaged."), N_("Open it in a spreadsheet program and save it again.")),
    "unsafe_workbook": (
        N_("The workbook is built as no spreadsheet program builds one."),
        N_("Copy its cells into a new workbook."),
    ),
    "sheet_missing": (N_("The workbook has no sheet “%(sheet)s”."), N_("Choose one from the list.")),
    "wrong_format": (N_("The file is of another kind than was chosen."), N_("Let it be detected.")),
    "encoding_unknown": (N_("There is no encoding “%(encoding)s”."), N_("Choose one from the list.")),
    "undecodable": (
        N_("Row %(row)s holds characters that do not exist in the encoding %(encoding)s."),
        N_("Choose another encoding."),
    ),
    "delimiter_unknown": (
        N_("Cells cannot be divided by this sign."),
        N_("Choose a comma, a semicolon, a tab or a vertical bar."),
    ),
    "quote_not_closed": (
        N_("A quote that opens in row %(row)s is never closed."),
        N_("Correct that row, or choose another delimiter."),
    ),
    "cell_far_too_long": (N_("A cell is longer than any cell should be."), N_("Check the delimiter and the quotes.")),
    "line_too_long": (N_("A line is longer than any line should be."), N_("Check the delimiter and the quotes.")),
    "header_row_missing": (N_("There is no row %(row)s that could be the header."), N_("Choose another header row.")),
    "too_many_rows": (N_("The file has more than %(limit)s rows."), N_("Split it.")),
    "too_many_columns": (
        N_("The file has %(found)s columns; %(limit)s are allowed."),
        N_("Delete the columns that are not needed."),
    ),
    "read_unsafely": (
        N_("The file could not be read safely (%(reason)s)."),
        N_("Save it anew as CSV or XLSX and upload that."),
    ),
    "encoding_guessed": (
        N_("The encoding was guessed: %(encoding)s."),
        N_("Check that the letters of the sample are right."),
    ),
    "one_column": (N_("Only one column was found."), N_("If there should be more, choose another delimiter.")),
    "duplicate_header": (N_("Several columns are called “%(header)s”: %(columns)s."), N_("Match them with care.")),
    "empty_header": (N_("Columns without a name: %(columns)s."), N_("They are shown by their letters.")),
    "rows_above_header": (
        N_("Rows above the header that are left out: %(count)s."),
        N_("If the header is wrong, choose another row."),
    ),
    "sheet_hidden": (N_("The sheet “%(sheet)s” is hidden in the workbook."), N_("Check that it is the one you mean.")),
    "macros_ignored": (N_("The workbook holds macros; they are ignored."), ""),
    "error_cells": (
        N_("Cells that hold the error of a formula: %(count)s."),
        N_("Mend them in the file, or those rows will not pass the check."),
    ),
    "formulas_without_values": (
        N_("Formulas without a stored value: %(count)s."),
        N_("Open the file in a spreadsheet program, save it and upload it again."),
    ),
    "short_rows": (
        N_("Rows shorter than the header: %(count)s; the first is row %(row)s."),
        N_("Their missing cells are read as empty."),
    ),
    "json_broken": (
        N_("The JSON has a mistake in line %(line)s at character %(column)s, or just before it."),
        N_("Look for a missing comma, quote or bracket there."),
    ),
    "json_no_profiles": (
        N_("The JSON holds no list of profiles."),
        N_("Give an array of objects, an object with such an array in “data”, or one object on each line."),
    ),
    "json_too_large": (
        N_("The JSON value that begins in line %(line)s is longer than %(limit)s characters."),
        N_("Give the profiles as an array, as an array in “data”, or one on each line."),
    ),
    "json_too_deep": (N_("Values are nested more than %(limit)s levels deep."), N_("Take out what is not needed.")),
    "json_encoding": (
        N_("A JSON file has to be in UTF-8 or UTF-16; this one seems to be in %(encoding)s."),
        N_("Save it as UTF-8."),
    ),
    "json_line_broken": (
        N_("This line is no valid JSON; the mistake is at character %(column)s, or just before it."),
        N_("Correct the line in the file."),
    ),
    "json_not_an_object": (
        N_("In place of a profile there is something else (%(found)s)."),
        N_("Write a profile as an object: names and values in curly brackets."),
    ),
    "json_repeated_key": (
        N_("“%(key)s” is given more than once, so it is not clear which value counts."),
        N_("Leave only one of them."),
    ),
    "json_not_a_number": (N_("%(name)s is not a value that JSON has."), N_("Write a number, or null for nothing.")),
    "json_settings_ignored": (
        N_("Beside the profiles the file holds settings of a request, which are not used: %(names)s."),
        N_("Choose them on the next pages."),
    ),
    "json_subscriptions": (
        N_("The file holds subscriptions."),
        N_("They are sent only if you match the column “subscriptions”; their status only if you say so."),
    ),
    "json_nested": (
        N_("“%(header)s” holds objects, which are read as JSON text."),
        N_("Match it with a field of the type object or list of objects; in a field of text such rows stay behind."),
    ),
    "json_divided": (
        N_("“%(header)s” holds lists whose items have a comma, a semicolon or a line break in them."),
        N_("Fields of tags and phones take such items whole; any other field gets the list as JSON text."),
    ),
}
