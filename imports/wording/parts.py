"""Parts of a sentence that codes report as words: they too are said in the reader's language."""

from django.utils.translation import gettext_noop as N_

LOOKS_LIKE = (
    N_("binary data"),
    N_("HTML page"),
    N_("XML file"),
    N_("PNG image"),
    N_("JPEG image"),
    N_("GIF image"),
    N_("TIFF image"),
    N_("BMP image"),
    N_("RAR archive"),
    N_("7z archive"),
    N_("GZIP archive"),
    N_("BZIP2 archive"),
    N_("XZ archive"),
    N_("ZSTD archive"),
    N_("ZIP archive"),
    N_("program"),
    N_("media file"),
    N_("SQLite database"),
    N_("RTF document"),
    N_("text in UTF-32"),
    N_("Parquet file"),
    N_("Word document"),
    N_("PowerPoint presentation"),
    N_("Word or PowerPoint document"),
    N_("Microsoft compound file"),
)
REASONS = {
    "memory": N_("it needs too much memory"),
    "time": N_("it takes too long"),
    "crash": N_("the program that reads it stopped"),
}
PARTS = {"looks_like": {word: word for word in LOOKS_LIKE}, "reason": REASONS}
