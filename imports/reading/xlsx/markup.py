"""XML in small: what stands in a text for something else, and fragments too odd for the quick patterns."""

import re
from dataclasses import dataclass, field
from xml.parsers import expat

from imports.reading.table import Unreadable

WHITE = " \t\r\n"
NAMED = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
_REFERENCE = re.compile(r"&(?:#([0-9]{1,8})|#x([0-9A-Fa-f]{1,7})|(\w+));|&")
# Excel writes what XML cannot hold as _x000D_; half a surrogate pair stays as it is written.
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


@dataclass(slots=True)
class Node:
    """An element: its name without prefix, its attributes with theirs, its own text, and what is inside it."""

    name: str
    attributes: dict[str, str] = field(default_factory=dict)
    text: str = ""
    children: list["Node"] = field(default_factory=list)


def broken(reason: str) -> Unreadable:
    return Unreadable("broken_workbook", reason=reason)


def local(name: str) -> str:
    return name.rpartition(":")[2]


def unreferenced(text: str) -> str:
    """The text with its character and entity references resolved. Raises Unreadable for what XML does not know."""
    return _REFERENCE.sub(_referred, text) if "&" in text else text


def unescaped(text: str) -> str:
    """The text with the characters that Excel had to write as _xHHHH_."""
    return _ESCAPED.sub(_escaped, text) if "_x" in text else text


def shown(text: str, attributes: str) -> str:
    """The text of a `t` element: blanks around it count only where its attributes say xml:space="preserve"."""
    return unescaped(text if "preserve" in attributes else text.strip(WHITE))


def refuse_doctype(*_: object) -> None:
    raise Unreadable("unsafe_workbook", reason="doctype")


def parse_fragment(text: str) -> Node:
    """The tree of a well-formed piece of a document, its prefixes undeclared. Raises Unreadable."""
    parser = expat.ParserCreate()
    top = Node("")
    path = [top]

    def begin(name: str, attributes: dict[str, str]) -> None:
        node = Node(local(name), attributes)
        path[-1].children.append(node)
        path.append(node)

    def add(data: str) -> None:
        path[-1].text += data

    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = refuse_doctype
    parser.StartElementHandler = begin
    parser.EndElementHandler = lambda _: path.pop()
    parser.CharacterDataHandler = add
    try:
        parser.Parse(text.encode(), True)
    except expat.ExpatError as error:
        raise broken("XmlError") from error
    return top.children[0]


def rich_text(item: Node) -> str:
    """The text of an `si` or `is` element: its `t` and those of its runs, not of its phonetic hints."""
    pieces = []
    for child in item.children:
        if child.name == "t":
            pieces.append(_shown_node(child))
        elif child.name == "r":
            pieces.extend(_shown_node(part) for part in child.children if part.name == "t")
    return "".join(pieces)


def _shown_node(node: Node) -> str:
    return shown(node.text, node.attributes.get("xml:space", ""))


def _referred(found: re.Match[str]) -> str:
    decimal, hexadecimal, name = found.groups()
    if name in NAMED:
        return NAMED[name]
    place = int(decimal) if decimal else int(hexadecimal, 16) if hexadecimal else 0
    if 0 < place < 0xD800 or 0xE000 <= place < 0x110000:
        return chr(place)
    raise broken("XmlReference")


def _escaped(found: re.Match[str]) -> str:
    place = int(found[1], 16)
    return found[0] if 0xD800 <= place < 0xE000 else chr(place)
