import pytest

from tests.biff import compound_bytes, xls_bytes
from tests.imports.reading.reads import read_here, refusal
from tests.workbooks import csv_bytes, ods_bytes, with_members, xlsx_bytes

TABLE = [["email", "n"], ["a@example.com", "1"]]


@pytest.mark.parametrize(
    ("content", "looks_like"),
    [
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3", "PDF"),
        (b"MZ\x90\x00\x03\x00\x00\x00" + bytes(400), "program"),
        (b"\x7fELF\x02\x01\x01" + bytes(400), "program"),
        (b"\x89PNG\r\n\x1a\n" + bytes(400), "PNG image"),
        (b"\xff\xd8\xff\xe0" + bytes(400), "JPEG image"),
        (b"Rar!\x1a\x07\x00" + bytes(400), "RAR archive"),
        (b"\x1f\x8b\x08\x00" + bytes(400), "GZIP archive"),
        (b"\xef\xbb\xbf\r\n<!DOCTYPE html><table>", "HTML page"),
        ("email,name\na@example.com,Анна\n".encode("utf-32"), "text in UTF-32"),
        ("<html><table>".encode("utf-16"), "HTML page"),
        (b"<TABLE border=1>", "HTML page"),
        (b'<?xml version="1.0"?><Workbook>', "XML file"),
        (bytes(range(256)) * 10, "binary data"),
        (b"email,n\n" + b"\0" * 400, "binary data"),
        (compound_bytes({"Contents": b""}), "Microsoft compound file"),
        (compound_bytes({"WordDocument": b""}), "Word or PowerPoint document"),
    ],
)
def test_what_is_no_table_is_refused_with_what_it_looks_like(content, looks_like):
    assert refusal(content, name="customers.csv") == ("not_a_table", {"looks_like": looks_like})


@pytest.mark.parametrize(
    ("members", "code"),
    [
        ({"xl/vbaProject.bin": b"x"}, "macro_workbook"),
        ({"xl/workbook.bin": b"x"}, "binary_workbook"),
        ({"xl/workbook.xml": None, "mimetype": b"application/vnd.oasis.opendocument.text"}, "not_a_table"),
        ({"xl/workbook.xml": None}, "not_a_table"),
    ],
)
def test_other_kinds_of_workbook_are_told_apart(members, code):
    assert refusal(with_members(xlsx_bytes(TABLE), members), name="customers.xlsx")[0] == code


def test_document_in_a_zip_is_named():
    content = with_members(xlsx_bytes(TABLE), {"xl/workbook.xml": None, "word/document.xml": b"<w/>"})

    assert refusal(content) == ("not_a_table", {"looks_like": "Word document"})


def test_encrypted_workbook_is_refused():
    content = compound_bytes({"EncryptionInfo": b"x", "EncryptedPackage": b"x"})

    assert refusal(content) == ("encrypted_workbook", {})


@pytest.mark.parametrize("name", ["customers.xls", "customers.xlsx", "customers", "customers.exe"])
def test_text_is_read_whatever_its_name(name):
    assert read_here(csv_bytes(TABLE), name=name).options.format == "delimited"


@pytest.mark.parametrize("write", [xlsx_bytes, ods_bytes, xls_bytes])
def test_workbook_is_read_whatever_its_name(write):
    assert read_here(write(TABLE), name="customers.csv").options.format == "workbook"


def test_text_that_begins_like_a_program_is_text():
    assert read_here(b"MZ,BM,n\r\na@example.com,x,1\r\n").headers == ["MZ", "BM", "n"]


def test_few_control_characters_do_not_make_a_text_binary():
    assert read_here(b"email,n\r\na@example.com,\0\r\n").rows == [["a@example.com", "\ufffd"]]
