"""Log lines that name no person: addresses and phone numbers are masked, line breaks escaped."""

import logging
import re

_PERSONAL = re.compile(r"[\w.+%-]+@[\w-]+\.[\w.-]+|\+\d[\d ()-]{7,}\d|\b\d{10,15}\b")
_CONTROL = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]")


def mask(text: str) -> str:
    """Replace e-mail addresses and phone numbers by `***`."""
    return _PERSONAL.sub("***", text)


class DiscreetFormatter(logging.Formatter):
    """For every handler. Database errors quote the row they refuse, so tracebacks are masked too."""

    def formatMessage(self, record: logging.LogRecord) -> str:
        record.message = _CONTROL.sub(lambda found: repr(found[0])[1:-1], mask(record.message))
        return super().formatMessage(record)

    def formatException(self, ei: object) -> str:
        return mask(super().formatException(ei))  # type: ignore[arg-type]
