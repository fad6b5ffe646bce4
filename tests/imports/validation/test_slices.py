import pytest

from imports.mapping import SYSTEM_FIELDS, ColumnMapping, ColumnTarget, Kind, Problem, TargetField
from imports.validation import UNSET, clean_slice, match_keys

FIELDS = {field.name: field for field in SYSTEM_FIELDS} | {
    "CRM_ID": TargetField("CRM_ID", Kind.LINE, "CRM"),
    "labels": TargetField("labels", Kind.TAGS, "Labels"),
    "visited": TargetField("visited", Kind.DATE, "Visited"),
}


def clean(table, *, matching="email", match_field="", **settings):
    """`table` is a list of (field, cells); settings are of the fields, as phones={"region": "RU"}."""
    targets = [ColumnTarget(n, name, name, **settings.get(name, {})) for n, (name, _) in enumerate(table)]
    columns = [cells for _, cells in table]
    return clean_slice(columns, ColumnMapping(tuple(targets)), FIELDS, matching=matching, match_field=match_field)


def test_slice_gives_values_and_problems_with_their_places():
    cleaned = clean(
        [
            ("email", ["ivan@example.com", "broken", "anna@example.com"]),
            ("_bdate", ["15.01.1990", "31.02.1990", ""]),
            ("_fname", [" Иван ", "Пётр", "Анна"]),
        ]
    )

    assert cleaned.values == {
        "email": ["ivan@example.com", None, "anna@example.com"],
        "_bdate": ["1990-01-15", None, None],
        "_fname": ["Иван", "Пётр", "Анна"],
    }
    assert cleaned.problems == [
        Problem(1, 0, "email_invalid", {"why": "no_at"}),
        Problem(1, 1, "date_invalid", {}),
    ]


def test_column_not_mapped_is_not_read():
    mapping = ColumnMapping((ColumnTarget(1, "Email", "email"),))

    cleaned = clean_slice([["x"], ["ivan@example.com"]], mapping, FIELDS, matching="email", match_field="")

    assert cleaned.values == {"email": ["ivan@example.com"]}


def test_columns_of_one_list_are_joined_without_repeats():
    cleaned = clean(
        [
            ("phones", ["+79000000001", "", "", "bad"]),
            ("phones", ["+79000000002, +79000000001", "+79000000003", "", "+79000000004"]),
            ("labels", ["vip;new", "", "vip", ""]),
            ("labels", ["new, b2b", "b2b", "", ""]),
        ],
        matching="",
    )

    assert cleaned.values == {
        "phones": [["+79000000001", "+79000000002"], ["+79000000003"], None, ["+79000000004"]],
        "labels": [["vip", "new", "b2b"], ["b2b"], ["vip"], None],
    }
    assert cleaned.problems == [Problem(3, 0, "phone_invalid", {})]


def test_clearing_counts_only_where_no_column_has_anything():
    cleaned = clean(
        [("phones", ["", "+79000000001", ""]), ("phones", ["+79000000002", "", ""])],
        matching="",
        phones={"empty": "clear"},
    )

    assert cleaned.values["phones"] == [["+79000000002"], ["+79000000001"], UNSET]


def test_row_without_its_key_is_a_problem_of_the_row():
    cleaned = clean([("email", ["", "ivan@example.com"]), ("_fname", ["Анна", "Иван"])])

    assert cleaned.problems == [Problem(0, -1, "key_missing", {"fields": "email"})]


def test_row_whose_key_is_refused_has_one_problem_only():
    assert [problem.code for problem in clean([("email", ["broken"])]).problems] == ["email_invalid"]


def test_cleared_key_is_a_missing_key():
    cleaned = clean([("phones", [""])], matching="phone", phones={"empty": "clear"})

    assert [problem.code for problem in cleaned.problems] == ["key_missing"]


@pytest.mark.parametrize(
    ("email", "phone", "codes"),
    [
        ("ivan@example.com", "", []),
        ("", "+79000000000", []),
        ("", "", ["key_missing"]),
        ("broken", "", ["email_invalid"]),
    ],
)
def test_either_key_is_enough_for_the_combined_matching(email, phone, codes):
    cleaned = clean([("email", [email]), ("phones", [phone])], matching="email_phone")

    assert [(problem.code, problem.params) for problem in cleaned.problems if problem.code == "key_missing"] == [
        (code, {"fields": "email, phones"}) for code in codes if code == "key_missing"
    ]
    assert [problem.code for problem in cleaned.problems] == codes


def test_nothing_is_searched_so_nothing_is_missing():
    assert clean([("_fname", ["", "Анна"])], matching="").problems == []


def test_date_order_left_open_is_decided_from_the_column():
    cleaned = clean([("visited", ["03/04/2020", "03/25/2020"])], matching="")

    assert cleaned.values["visited"] == ["2020-03-04", "2020-03-25"]


def test_ambiguous_dates_are_refused_and_never_guessed():
    cleaned = clean([("visited", ["03/04/2020", "05/05/2020"])], matching="")

    assert cleaned.values["visited"] == [None, "2020-05-05"]
    assert cleaned.problems == [Problem(0, 0, "date_ambiguous", {})]


def test_order_a_person_chose_is_kept():
    cleaned = clean([("visited", ["03/04/2020"])], matching="", visited={"date_order": "mdy"})

    assert cleaned.values["visited"] == ["2020-03-04"]


def test_broken_text_is_a_problem_of_its_own_cell_only():
    cleaned = clean([("_fname", ["Анна", "\udc00", "Иван"])], matching="")

    assert cleaned.values["_fname"] == ["Анна", None, "Иван"]
    assert cleaned.problems == [Problem(1, 0, "text_broken", {})]


def test_empty_slice_is_clean():
    cleaned = clean([("email", []), ("_fname", [])])

    assert (cleaned.values, cleaned.problems) == ({"email": [], "_fname": []}, [])


VALUES = {
    "email": ["Ivan@example.com", "ivan@example.com", None, None],
    "phones": [["+79000000001", "+79000000002"], None, ["+79000000001"], UNSET],
    "CRM_ID": ["0077", "77", None, "ß"],
    "points": [1, 2, None, 1],
    "profile_id": ["a" * 24, None, "b", "b"],
}


@pytest.mark.parametrize(
    ("matching", "field", "keys"),
    [
        ("email", "", ["email:ivan@example.com", "email:ivan@example.com", None, None]),
        ("phone_sub", "", ["phones:+79000000001", None, "phones:+79000000001", None]),
        ("email_phone", "", ["email:ivan@example.com", "email:ivan@example.com", "phones:+79000000001", None]),
        ("custom", "CRM_ID", ["CRM_ID:0077", "CRM_ID:77", None, "CRM_ID:ß"]),
        ("custom", "points", ["points:1", "points:2", None, "points:1"]),
        ("profile_id", "", ["profile_id:" + "a" * 24, None, "profile_id:b", "profile_id:b"]),
        ("", "", [None] * 4),
        ("custom", "not_mapped", [None] * 4),
    ],
)
def test_match_keys_show_which_rows_mean_one_profile(matching, field, keys):
    assert match_keys(VALUES, matching, field) == keys


def test_match_keys_refuse_an_unknown_matching():
    with pytest.raises(ValueError, match="custom_sub"):
        match_keys(VALUES, "custom_sub", "")
