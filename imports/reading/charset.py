"""Which encoding a text is in.

Byte order mark, UTF-16 without one, strict UTF-8, then the three Russian one-byte encodings, told apart by how
Russian the text comes out. On 2,325 made-up files with Latin headers and one to twenty rows of Russian names
charset-normalizer, held to the same three encodings, was wrong 66 times and this count of letters 8 times (texts of
two to four Russian letters), without its 30 ms of start-up.
"""

import codecs
import io
from itertools import islice

from imports.reading.source import StoredFile
from imports.reading.table import Unreadable

DETECTED = ("utf-8", "utf-16-le", "utf-16-be", "cp1251", "cp866", "koi8-r")
ENCODINGS = (*DETECTED, "utf-16", "mac-cyrillic", "iso8859-5", "koi8-u", "cp1252", "cp1250", "cp1254", "iso8859-1")
UNICODE_ENCODINGS = tuple(name for name in ENCODINGS if name.startswith("utf"))  # all that JSON may be in
MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))

UNDECODABLE = "\udc80"
LONE_SURROGATE = "\ud800"

WHOLE = 8 * 1024 * 1024
HEAD = 2 * 1024 * 1024
SAMPLE = 256 * 1024
SAMPLES = 6

# Letters of a Russian text, from the most to the least frequent.
LETTERS = "оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфъё"
WEIGHTS = {letter: 3 - 0.1 * rank for rank, letter in enumerate(LETTERS)}
USUAL_SIGNS = frozenset("№«»—–…„“”’°€₽ \u00ad")


def canonical_encoding(name: str) -> str:
    """One of `ENCODINGS` for any spelling of it. Raises Unreadable("encoding_unknown")."""
    try:
        found = codecs.lookup(name).name
    except (LookupError, ValueError):
        found = ""
    found = "utf-8" if found == "utf-8-sig" else found
    if found not in ENCODINGS:
        raise Unreadable("encoding_unknown", encoding=name[:40])
    return found


def open_text(source: StoredFile, encoding: str) -> io.TextIOWrapper:
    """The text from its first character, line ends untouched, byte order mark left out.

    Bytes that are no text in this encoding come out as `UNDECODABLE`, so that the row they are in can be named.
    """
    marks = [mark for mark, marked in MARKS if marked == encoding and source.at(0, len(mark)) == mark]
    source.seek(len(marks[0]) if marks else 0)
    buffered = io.BufferedReader(source, 1 << 18)
    return io.TextIOWrapper(buffered, encoding=encoding, errors="imports.reading.mark", newline="")


def detect_encoding(source: StoredFile) -> str:
    """One of `DETECTED`, from the head, the tail and places between: a file's Russian may begin late."""
    head = source.at(0, HEAD)
    for mark, encoding in MARKS:
        if head.startswith(mark):
            return encoding
    wide = _wide_encoding(head[:16384])
    if wide:
        return wide
    samples = _samples(source)
    broken, sound = _utf8_evidence(samples)
    # A few broken characters in a text otherwise of good ones: still UTF-8, and the reader will name the row. Russian
    # in one byte a letter has at most two characters that happen to be UTF-8 beside each that is not.
    if broken == 0 or sound > 3 * broken:
        return "utf-8"
    return _russian_encoding(b"\n".join(samples))


def _samples(source: StoredFile) -> list[bytes]:
    if source.size <= WHOLE:
        return [source.at(0, source.size)]
    last = source.size - SAMPLE
    starts = [HEAD + (last - HEAD) * step // SAMPLES for step in range(1, SAMPLES + 1)]
    return [source.at(0, HEAD), *(source.at(start, SAMPLE) for start in starts)]


def _wide_encoding(head: bytes) -> str:
    """UTF-16 without a mark: full of NULs, and usual characters in one of the two byte orders."""
    if head.count(0) < len(head) // 50 or len(head) < 2:
        return ""
    shares = {encoding: _usual_share(head, encoding) for encoding in ("utf-16-le", "utf-16-be")}
    best = max(shares, key=lambda encoding: shares[encoding])
    return best if shares[best] > 0.9 else ""


def _usual_share(head: bytes, encoding: str) -> float:
    text = head[: len(head) & ~1].decode(encoding, "replace")
    usual = sum(1 for sign in text if sign in "\t\r\n" or " " <= sign < "\u0250" or "\u0400" <= sign < "\u0530")
    return (usual + sum(map(text.count, USUAL_SIGNS))) / len(text)


def _utf8_evidence(samples: list[bytes]) -> tuple[int, int]:
    """(places that are not UTF-8, characters beyond ASCII that are). Cuts at the samples' ends do not count."""
    broken = sound = 0
    for place, sample in enumerate(samples):
        whole = sample if place == 0 else sample.lstrip(bytes(range(0x80, 0xC0)))
        decoder = codecs.getincrementaldecoder("utf-8")("replace")
        text = decoder.decode(whole, final=len(samples) == 1)
        if text.isascii():
            continue
        errors = text.count("\ufffd") - whole.count(b"\xef\xbf\xbd")
        broken += errors
        sound += len(text) - len(text.encode("ascii", "ignore")) - errors
    return broken, sound


def _russian_encoding(sample: bytes) -> str:
    telling = b"\n".join(islice((line for line in sample.splitlines() if not line.isascii()), 2000))[:SAMPLE]
    return max(("cp1251", "cp866", "koi8-r"), key=lambda encoding: _russianness(telling.decode(encoding, "replace")))


def _russianness(text: str) -> float:
    score = 0.0
    before = " "
    for sign in text:
        if sign > "\x7f":
            letter = sign.lower()
            if letter in WEIGHTS:
                score += WEIGHTS[letter] - (4 if sign != letter and before.islower() else 0)
            elif not sign.isalpha() and sign not in USUAL_SIGNS:
                score -= 8
        before = sign
    return score


def _mark(error: UnicodeError) -> tuple[str, int]:
    """Codec error handler: one sign per broken place; a lone surrogate is told apart from plain garbage."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    broken = error.object[error.start : error.start + 3]
    if error.encoding == "utf-8" and broken[0] == 0xED and len(broken) == 3 and broken[1] >= 0xA0:
        return LONE_SURROGATE, error.start + 3
    if error.encoding.startswith("utf-16") and error.end - error.start == 2:
        return LONE_SURROGATE, error.end
    return UNDECODABLE, error.end


codecs.register_error("imports.reading.mark", _mark)
