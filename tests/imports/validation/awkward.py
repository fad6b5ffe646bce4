"""Cells as files have them, good and bad, by the kind of the field they are read as."""

from imports.mapping import SYSTEM_FIELDS, Kind, TargetField

OPTIONS = ("Gold", "Silver", "Очень важный")
FIELDS = {field.name: field for field in SYSTEM_FIELDS} | {
    str(kind): TargetField(str(kind), kind, kind.name, options=OPTIONS if kind is Kind.ENUM else ()) for kind in Kind
}

CELLS: dict[Kind, list[str]] = {
    Kind.EMAIL: [
        "ivan@example.com", "IVAN@Example.COM", "Info@EXAMPLE.com", "a-b.c+d@ex-ample.co.uk", "a@b--c.ru", "x@y.test",
        "ivan@пример.рф", "a@example.com;b@example.com", "bad", "a" * 65 + "@example.com", "a@" + "b" * 64 + ".com",
        "iv\u0430n@example.com", "mailto:a@example.com", "a@example.c", "ab@cd--ef.com", "a@xn--e1afmkfd.xn--p1ai",
        "ivan@example.com\u200b", "İ@example.com", "\u212aelvin@example.com", "a..b@example.com", "-@example.com",
        "long" * 12 + "@example.com", "postmaster@Example.com", "POSTMASTER@example.com", "a@EXAMPLE.LOCALHOST",
    ],
    Kind.PHONES: [
        "+7 (900) 000-00-01", "8 900 000-00-02", "79000000003", "9000000004", "+79000000005", "84951234567",
        "4951234567", "+375 29 123-45-67", "375291234567", "+49 30 123456", "0049 30 123456", "+1 202-555-0143",
        "+44 (0)7911 123456",
        "+39 06 1234 5678", "79000000006.0", "7900000000.0", "7.9E+10", "12345", "+70000000000", "+7 8 900 000 00 07",
        "+79000000008, +79000000009", "+7900\n0000010", "8 900 000 00 11 доб. 3", "+7-900-000-00-12", "words",
        "+7\u00a0900\u00a0000\u00a000\u00a013", "89000000014\n", "78001234567", "+998 90 123 45 67",
        '["+7 900 000-00-15","8 900 000 00 16, доб. 3"]',
        "+86 139 1234 5678", "+559034685905", "+86115613598373", "+352151141249", "+375886657468",
    ],
    Kind.LINE: ["Анна", " x ", "00077", "#N/A", "#1", "two\nlines", "\u200bx\u00a0", "a\ud83d", "👩\u200d👩", "1E5"]
    + ["4.60712E+12", "4,6E+12", "E+12", "4.6E+12x"],
    Kind.INTEGER: [
        "0", "-7", "007", "1 234", "12.0", "12.5", "1,234", "9" * 18, "9" * 19, "x", "+5", "\u0663", "1_0", "--1",
    ],
    Kind.FLOAT: [
        "0", "1.5", "1,5", "-0,25", "1,234", "0,234", "12,3456", "1 234,56", "1,234.56", "1e-05", "1E+05", "nan", "inf",
        "123456789012345,123456789012345", "9" * 16, "1.", ",5", "1,5,5", "\u0663,5", "9" * 400,
    ],
    Kind.DATE: [
        "15.01.1990", "31.02.1990", "1990-01-15", "03/04/2020", "25/03/2020", "03/25/2020", "15.01.90", "15.01.05",
        "15.01.1990 12:00", "2024-05-27T12:00:00+03:00", "5 мая 1990", "44927", "завтра", "\u200b15.01.1990",
    ],
    Kind.BOOLEAN: ["да", "НЕТ", "1", "0", "+", "-", "true", "maybe"],
    Kind.ENUM: ["gold", "Gold", "SILVER", "очень важный", "bronze", "1"],
    Kind.IP: ["192.0.2.1", "2001:DB8::1", "192.0.2.256", "fe80::1%eth0"],
    Kind.TAGS: ["a", '["a, b","c"]', "[vip]", "a, b;a", ",;", "очень важный; новый"],
    Kind.SEX: ["муж", "Ж", "female", "1", "0", "не указан"],
    Kind.OBJECT: ['{"a": 1}', "{", "[]", '{"action": "incr"}'],
    Kind.OBJECTS: ['[{"a": 1}]', "[]", "[1]", "{}"],
    Kind.SUBSCRIPTIONS: [
        '[{"channel": "email", "resource_id": 28, "email_data": {"email": "a@example.com"}, "cats": ["x"]}]',
        '[{"channel": "sms", "resource_id": 1, "phone": "8 900 000-00-01"}]',
        '[{"channel": "push", "resource_id": 1, "provider": "Firefox", "subscription_id": "t"}]',
        '[{"channel": "telegram_bot", "resource_id": 1, "cc_data": {"id": 5}, "status": "subscribed"}]', "[]", "yes",
    ],
}  # fmt: skip
