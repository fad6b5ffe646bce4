"""The items of one long list in an XML document (rows of a sheet, shared strings), block after block, never all."""

import re
from collections.abc import Iterator
from xml.parsers import expat

from imports.reading.table import Unreadable
from imports.reading.xlsx.markup import broken, local, refuse_doctype

LARGEST_ITEM = 8 * 1024 * 1024  # bytes of a row or text; two hundred cells filled to their limit fit
LARGEST_PIECE = 1024 * 1024
LONGEST_HEAD = 4 * 1024 * 1024


class Elements:
    """The text between <list> and </list>, in blocks of whole items.

    `prefix` is the namespace prefix of the list's own tag with its colon, or "". Every block but the last ends with the
    item's closing tag; the last holds what follows the last of them. Raises Unreadable when made and while iterated.
    """

    def __init__(self, pieces: Iterator[bytes], name: str, item: str) -> None:
        self._pieces = pieces
        self._rest, self.prefix, self._empty = _after_head(pieces, name)
        self.close = f"</{self.prefix}{item}>"
        self._end = re.compile(rb"</%s\s*>" % f"{self.prefix}{name}".encode())

    def __iter__(self) -> Iterator[str]:
        if self._empty:
            return
        close = self.close.encode()
        pending, looked = self._rest, 0
        while True:
            end = self._end.search(pending, max(0, looked - 64))
            if end:
                for _ in self._pieces:  # to its end, where the sum of the bytes is compared
                    pass
                yield _text(pending[: end.start()])
                return
            looked = len(pending)
            cut = pending.rfind(close) + len(close)
            if cut >= len(close):
                yield _text(pending[:cut])
                pending = pending[cut:]
                looked -= cut
            elif len(pending) > LARGEST_ITEM:
                raise Unreadable("unsafe_workbook", reason="item", limit=LARGEST_ITEM)
            pending += self._more(min(len(pending), LARGEST_PIECE))

    def _more(self, least: int) -> bytes:
        """At least as much again as is pending: an item of many pieces is not copied over and over."""
        taken: list[bytes] = []
        size = 0
        for piece in self._pieces:
            taken.append(piece)
            size += len(piece)
            if size >= least:
                break
        if not taken:
            raise broken("XmlEnd")
        return b"".join(taken)


def _text(block: bytes) -> str:
    """Line ends are made one, as XML asks for."""
    try:
        text = block.decode()
    except UnicodeDecodeError as error:
        raise broken("XmlEncoding") from error
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def _after_head(pieces: Iterator[bytes], name: str) -> tuple[bytes, str, bool]:
    """(what follows the list's opening tag, its prefix, whether it is closed at once), the head parsed for real."""
    opening = re.compile(rb"<(?:[\w.-]{1,100}:)?%s(?:\s[^<>]{0,4096})?/?>" % name.encode())
    opened: list[str] = []
    parser = _head_parser(opened)
    head = b""
    place = 0
    for piece in pieces:
        head += piece
        while found := opening.search(head, place):
            _feed(parser, head[place : found.end()])
            place = found.end()
            if opened and local(opened[-1]) == name:  # otherwise it stood in a comment
                prefix = opened[-1].removesuffix(name)
                return head[place:], prefix, found[0].endswith(b"/>")
        if len(head) > LONGEST_HEAD:
            break
    _feed(parser, head[place:])
    raise broken("XmlList")


def _head_parser(opened: list[str]) -> expat.XMLParserType:
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = refuse_doctype
    parser.XmlDeclHandler = _refuse_encoding
    parser.StartElementHandler = lambda name, _: opened.append(name)
    return parser


def _refuse_encoding(_: str, encoding: str | None, __: int) -> None:
    if encoding and encoding.lower() not in ("utf-8", "us-ascii"):
        raise broken("XmlEncoding")


def _feed(parser: expat.XMLParserType, piece: bytes) -> None:
    try:
        parser.Parse(piece)
    except expat.ExpatError as error:
        raise broken("XmlError") from error
