import pytest

from imports.mapping import SYSTEM_FIELDS, Kind, TargetField, guess_targets

CUSTOM = (
    TargetField("CRM_ID", Kind.LINE, "Номер карты"),
    TargetField("last_purchase", Kind.DATE, "Дата последней покупки"),
    TargetField("points", Kind.INTEGER, "Баллы"),
)


def guess(header, *cells, fields=SYSTEM_FIELDS + CUSTOM):
    (found,) = guess_targets([header], [cells], fields)
    return found


@pytest.mark.parametrize(
    ("field", "headers"),
    [
        ("email", "email|E-Mail|e_mail|EMAIL ADDRESS|Mail|Эл. почта|Электронная почта|Почта|емейл|Мейл|Адрес почты"),
        ("phones", "phone|Phone Number|mobile|Cell|MSISDN|Телефон|моб. тел.|Мобильный|сотовый|Номер телефона|тел"),
        ("_fname", "Имя|First name|firstName|given_name|_fname|fname"),
        ("_lname", "Фамилия|last-name|Surname|LName"),
        ("_bdate", "Дата рождения|дата_рождения|Д.Р.|др|birthday|DOB|Date of Birth|birthDate"),
        ("_sex", "Пол|sex|Gender"),
        ("_city", "Город|city|Населённый пункт|город проживания"),
        ("_region", "Регион|Область|region|State"),
        ("_country", "Страна|country"),
        ("_postal_code", "Индекс|почтовый индекс|ZIP|Postal Code|postcode"),
        ("_regdate", "Дата регистрации|registered at|created_at|reg_date"),
        ("_ip", "IP|ip-адрес|IP address"),
        ("_regip", "ip регистрации|reg_ip"),
        ("_tz", "Часовой пояс|time zone|Timezone"),
        ("_vendor", "Источник|source|vendor"),
        ("CRM_ID", "CRM_ID|crm id|Номер карты|номер  КАРТЫ"),
        ("last_purchase", "last_purchase|Дата последней покупки"),
    ],
)
def test_known_header_is_exact(field, headers):
    for header in headers.split("|"):
        found = guess(header)
        assert (found.field, found.certainty) == (field, "exact"), header


@pytest.mark.parametrize(
    "header", ["\ufeffemail", " E-mail ", "e\u2011mail", "\u200bEmail", "электронная\u00a0почта", "ЭЛ.ПОЧТА"]
)
def test_invisible_characters_of_a_header_do_not_matter(header):
    assert guess(header).field == "email"


def test_decomposed_letters_of_a_header_do_not_matter():
    assert guess("Мобильныи\u0306").field == "phones"


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("Ваш email", "email"),
        ("Email клиента", "email"),
        ("Укажите телефон", "phones"),
        ("Телефон 1", "phones"),
        ("Имя клиента", "_fname"),
        ("Телефн", "phones"),
        ("name", "_fname"),
    ],
)
def test_nearly_known_header_is_likely(header, field):
    found = guess(header)

    assert (found.field, found.certainty) == (field, "likely")


@pytest.mark.parametrize(
    ("header", "field"),
    [("Дата рождения (ДД.ММ.ГГГГ)", "_bdate"), ("Email / Почта", "email"), ("фамилья", "_lname"), ("Гoрод", "_city")],
)
def test_similar_header_is_to_be_checked(header, field):
    found = guess(header)

    assert (found.field, found.certainty, found.why) == (field, "check", "similar")


@pytest.mark.parametrize(
    "header",
    [
        "", "id", "ИНН", "Дата", "Дата заказа", "Дата визита", "Статус", "status", "subscription status", "Сумма",
        "Название", "Адрес", "Религия", "Комментарий", "city id", "Телефон менеджера", "phone type", "Согласие",
        "Email подтверждён", "Дата рождения ребёнка",
    ],
)  # fmt: skip
def test_other_header_is_left_alone(header):
    found = guess(header)

    assert (found.field, found.certainty, found.why) == (None, "none", "unknown")


@pytest.mark.parametrize("header", ["ФИО", "ф.и.о.", "Full name", "Фамилия Имя Отчество", "ФИО клиента", "Клиент"])
def test_full_name_is_neither_first_nor_last_name(header):
    assert guess(header).why == "full_name"


def test_first_name_column_with_full_names_is_left_alone():
    assert guess("Имя", "Иванов Иван Иванович", "Петрова Анна").why == "full_name"


def test_first_name_column_with_a_double_name_stays_one():
    assert guess("Имя", "Иван", "Анна Мария", "Жан Поль").field == "_fname"


@pytest.mark.parametrize("header", ["Отчество", "patronymic", "Middle name"])
def test_patronymic_has_no_system_field(header):
    assert guess(header).why == "patronymic"


def test_patronymic_goes_to_a_custom_field_of_that_title():
    fields = (*SYSTEM_FIELDS, TargetField("middle_name", Kind.LINE, "Отчество"))

    assert guess("отчество", fields=fields).field == "middle_name"


def test_custom_field_of_the_same_name_wins_over_a_synonym():
    fields = (*SYSTEM_FIELDS, TargetField("city", Kind.LINE, "Город"))

    assert guess("city", fields=fields).field == "city"
    assert guess("Город", fields=fields).field == "city"


@pytest.mark.parametrize(
    ("cells", "field"),
    [
        (["ivan@example.com", "anna@example.org"], "email"),
        (["+7 (900) 000-00-00", "8 900 000-00-01", "79000000002"], "phones"),
        (["192.0.2.1", "2001:db8::1"], "_ip"),
        (["м", "Ж", "муж."], "_sex"),
        (["ivan@example.com", "anna@example.org", "нет"], "email"),
    ],
)
def test_values_speak_where_the_header_says_nothing(cells, field):
    for header in ("", "Колонка 1", "Контакт"):
        found = guess(header, *cells)
        assert (found.field, found.certainty, found.why) == (field, "check", "values"), header


@pytest.mark.parametrize("cells", [["01.02.1990"], ["7707083893"], ["1234567812345678"], ["текст"], ["", ""]])
def test_values_that_may_be_anything_choose_nothing(cells):
    assert guess("Колонка", *cells).field is None


def test_values_against_the_header_make_it_doubtful():
    assert guess("email", "да", "нет") == guess_targets(["email"], [["да", "нет"]], SYSTEM_FIELDS)[0]
    assert (guess("email", "да", "нет").certainty, guess("email", "да", "нет").why) == ("check", "values_differ")


def test_values_against_a_synonym_leave_it_alone():
    found = guess("Телефон", "да", "нет")

    assert (found.field, found.why) == (None, "values_differ")


def test_each_field_is_guessed_once_for_the_best_column():
    found = guess_targets(["Ваш email", "Телефон 2", "Телефон", "Email"], [], SYSTEM_FIELDS)

    assert [(one.field, one.why) for one in found] == [
        (None, "taken"), (None, "taken"), ("phones", "synonym"), ("email", "name"),
    ]  # fmt: skip


def test_column_with_the_right_values_wins_over_one_with_the_right_name():
    found = guess_targets(["email", "e-mail"], [["да", "нет"], ["ivan@example.com", "anna@example.com"]], SYSTEM_FIELDS)

    assert [one.field for one in found] == [None, "email"]


def test_equal_columns_go_by_place():
    found = guess_targets(["Телефон", "Мобильный"], [], SYSTEM_FIELDS)

    assert [(one.column, one.field) for one in found] == [(0, "phones"), (1, None)]


def test_columns_without_samples_are_guessed_by_their_headers():
    found = guess_targets(["Email", "Город"], [["ivan@example.com"]], SYSTEM_FIELDS)

    assert [one.field for one in found] == ["email", "_city"]


def test_only_offered_fields_are_guessed():
    assert guess("Email", "ivan@example.com", fields=CUSTOM).field is None


def test_a_number_beside_a_name_is_no_second_word() -> None:
    (guess,) = guess_targets(["First name"], [["Person 1", "Person 22", "Person 333"]], SYSTEM_FIELDS)
    assert (guess.field, guess.certainty) == ("_fname", "exact")


def test_two_words_are_still_a_full_name() -> None:
    (guess,) = guess_targets(["First name"], [["Anna Petrova", "Igor Ivanov", "Vera Lis 2"]], SYSTEM_FIELDS)
    assert (guess.field, guess.why) == (None, "full_name")
