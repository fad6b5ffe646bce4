"""What people call the system fields in the headers of their tables, in Russian and English.

Spelling of case, ё, spaces, hyphens and underscores does not matter: `guessing.spaced` levels them.
"""

from __future__ import annotations

from typing import Final

SYNONYMS: Final[dict[str, tuple[str, ...]]] = {
    "email": (
        "email", "e mail", "mail", "email address", "mail address", "e mail address", "emails", "user email",
        "эл почта", "электронная почта", "почта", "емейл", "имейл", "мейл", "мэйл", "имэйл", "емэйл", "майл",
        "адрес почты", "адрес эл почты", "адрес электронной почты", "почтовый ящик", "эл адрес", "электронный адрес",
        "электропочта", "е mail", "email адрес", "адрес email", "почта email", "почту", "почты", "электронка",
    ),
    "phones": (
        "phone", "phones", "phone number", "mobile", "mobile phone", "mobile number", "cell", "cell phone", "cellphone",
        "msisdn", "tel", "telephone", "telephone number", "phone mobile", "contact number", "sms", "whatsapp",
        "телефон", "телефоны", "тел", "номер телефона", "моб тел", "моб телефон", "мобильный", "мобильный телефон",
        "моб", "мобильный номер", "номер мобильного", "номер мобильного телефона", "сотовый", "сотовый телефон",
        "номер сотового", "сот тел", "сот", "телефон мобильный", "телефон сотовый", "номер тел",
        "контактный телефон", "контактный номер", "тел номер", "телефона", "вотсап", "ватсап",
    ),
    "profile_id": (
        "profile id", "altcraft id", "altcraft profile id", "id профиля", "ид профиля", "идентификатор профиля",
        "профиль id",
    ),
    "_fname": (
        "first name", "firstname", "fname", "given name", "givenname", "forename", "name first", "имя",
    ),
    "_lname": (
        "last name", "lastname", "lname", "surname", "family name", "familyname", "name last", "фамилия",
        "фам",
    ),
    "_bdate": (
        "birthday", "birth date", "birthdate", "date of birth", "dob", "bdate", "bday", "born", "date birth",
        "дата рождения", "д р", "др", "день рождения", "дата рожд", "датарожд", "рождение", "родился", "день рожд",
        "дата рождения клиента",
    ),
    "_sex": ("sex", "gender", "пол", "гендер", "пол клиента"),
    "_city": (
        "city", "town", "city name", "город", "населенный пункт", "нас пункт", "город проживания", "гор", "городок",
        "город клиента", "город доставки", "locality",
    ),
    "_region": (
        "region", "state", "province", "county", "region name", "state province", "регион", "область", "край", "обл",
        "субъект", "субъект рф", "регион проживания", "республика", "область край", "область регион",
    ),
    "_country": ("country", "country name", "country code", "nation", "страна", "страна проживания", "код страны"),
    "_postal_code": (
        "postal code", "postcode", "post code", "zip", "zip code", "zipcode", "postal", "postal index", "индекс",
        "почтовый индекс", "почт индекс", "почтовый код",
    ),
    "_tz": (
        "tz", "time zone", "timezone", "time zone name", "часовой пояс", "таймзона", "тайм зона", "временная зона",
        "часпояс",
    ),
    "_ip": ("ip", "ip address", "ip адрес", "айпи", "ип адрес", "last ip", "последний ip", "адрес ip"),
    "_regdate": (
        "registration date", "reg date", "regdate", "registered", "registered at", "date registered", "signup date",
        "sign up date", "sign up", "created", "created at", "create date", "creation date", "date created", "join date",
        "joined", "дата регистрации", "регистрация", "дата рег", "зарегистрирован", "дата создания", "создан",
        "дата добавления", "дата подписки", "subscribed at", "subscription date", "время регистрации",
    ),
    "_regip": (
        "registration ip", "reg ip", "regip", "signup ip", "optin ip", "ip регистрации", "ip при регистрации", "рег ip",
    ),
    "_regcity": ("registration city", "reg city", "regcity", "город регистрации"),
    "_regcountry": ("registration country", "reg country", "regcountry", "страна регистрации"),
    "_regurl": (
        "registration url", "reg url", "regurl", "registration page", "signup url", "landing page", "url регистрации",
        "страница регистрации", "адрес страницы регистрации", "посадочная страница",
    ),
    "_vendor": (
        "vendor", "source", "lead source", "traffic source", "origin", "источник", "источник трафика",
        "источник регистрации", "откуда", "откуда узнали", "откуда пришел", "откуда пришли",
        "источник лида", "источник контакта", "referral source",
    ),
    "_os": ("os", "operating system", "ос", "операционная система"),
    "_browser": ("browser", "браузер"),
}  # fmt: skip

LOOSE: Final[dict[str, str]] = {
    "name": "_fname",
    "second name": "_lname",
    "номер": "phones",
    "канал": "_vendor",
    "user agent": "_browser",
    "платформа": "_os",
}
"""Headers that mean a field more often than not."""

FULL_NAME: Final = frozenset((
    "фио", "ф и о", "фио клиента", "фио полностью", "фамилия имя", "имя фамилия", "имя и фамилия", "фамилия и имя",
    "фамилия имя отчество", "полное имя", "full name", "fullname", "first and last name", "имя полностью",
    "контактное лицо", "контакт", "клиент", "покупатель", "customer", "client", "contact", "contact name",
    "contact person", "name surname", "surname name", "fio",
))  # fmt: skip
"""Names in one cell: neither a first name nor a last one, and where to cut is for a person to say."""

PATRONYMIC: Final = frozenset(("отчество", "отч", "patronymic", "middle name", "middlename", "mname", "второе имя"))
"""Altcraft has no system field for it ("Types of fields in the database")."""

OTHERS: Final = frozenset((
    "form name", "user name", "login", "company name", "unsubscribed", "unsubscribed at", "unsubscribe date", "domain",
    "имя пользователя", "имя формы", "имя файла", "название", "дата отписки", "отписан",
))  # fmt: skip
"""What sounds like a field of people and is none: letters alone would take it for one."""

NOISE: Final = frozenset((
    "ваш", "ваше", "ваша", "your", "my", "мой", "укажите", "введите", "enter", "клиента", "клиентов", "покупателя",
    "подписчика", "пользователя", "контакта", "участника", "гостя", "customer", "client", "user", "subscriber",
    "contact", "member", "person", "контактный", "основной", "основная", "primary", "main", "personal", "личный",
    "личная", "поле", "field", "обязательно", "required", "вашу", "вашей", "контакт", "контрагента", "рабочий",
    "рабочая", "домашний", "частный", "другой", "доставки", "для", "рассылки", "связи", "no", "work", "home",
    "business", "default", "address", "billing", "shipping", "other",
))  # fmt: skip
"""Words that forms and exports put around the name of a field."""
