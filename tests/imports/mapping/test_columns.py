import json

import pytest

from imports.mapping import SYSTEM_FIELDS, ColumnMapping, ColumnTarget, Kind, TargetField, match_key_fields

FIELDS = {field.name: field for field in SYSTEM_FIELDS} | {
    "CRM_ID": TargetField("CRM_ID", Kind.LINE, "CRM"),
    "labels": TargetField("labels", Kind.TAGS, "Labels"),
    "props": TargetField("props", Kind.OBJECT, "Props"),
}


def mapping_of(*targets):
    return ColumnMapping(tuple(targets))


EMAIL = ColumnTarget(0, "Email", "email")


def codes(mapping, matching="email", match_field=""):
    return [code for code, _ in mapping.faults(FIELDS, matching, match_field)]


def test_mapping_survives_json():
    mapping = mapping_of(EMAIL, ColumnTarget(3, "Тел.", "phones", region="RU", empty="clear"))

    assert ColumnMapping.from_plain(json.loads(json.dumps(mapping.to_plain()))) == mapping


def test_good_mapping_has_no_faults():
    mapping = mapping_of(
        EMAIL,
        ColumnTarget(1, "Phone", "phones", region="RU"),
        ColumnTarget(2, "Phone 2", "phones", empty="clear"),
        ColumnTarget(3, "A", "labels"),
        ColumnTarget(4, "B", "labels"),
        ColumnTarget(5, "DOB", "_bdate", date_order="dmy"),
        ColumnTarget(0, "Email", "CRM_ID"),
    )

    assert mapping.faults(FIELDS, "email", "") == []


@pytest.mark.parametrize(
    ("target", "fault"),
    [
        (
            ColumnTarget(1, "Город", "_town"),
            ("field_unknown", {"header": "Город", "field": "_town"}),
        ),
        (ColumnTarget(1, "A", "_bdate", date_order="dym"), ("choice_unknown", {"header": "A", "choice": "dym"})),
        (ColumnTarget(1, "A", "phones", region="ru"), ("choice_unknown", {"header": "A", "choice": "ru"})),
        (ColumnTarget(1, "A", "_city", empty="null"), ("choice_unknown", {"header": "A", "choice": "null"})),
        (ColumnTarget(1, "Mail 2", "email"), ("field_twice", {"field": "email", "headers": "Email, Mail 2"})),
        (ColumnTarget(1, "Id", "profile_id"), ("profile_id_not_key", {"matching": "email"})),
    ],
)
def test_fault_names_the_column(target, fault):
    assert mapping_of(EMAIL, target).faults(FIELDS, "email", "") == [fault]


def test_one_column_twice_on_one_field_is_a_fault_even_for_phones():
    phone = ColumnTarget(1, "Phone", "phones")

    assert codes(mapping_of(EMAIL, phone, phone)) == ["field_twice"]


def test_email_cannot_be_cleared():
    assert codes(mapping_of(ColumnTarget(0, "Email", "email", empty="clear"))) == ["email_not_clearable"]


@pytest.mark.parametrize(
    ("matching", "match_field", "expected"),
    [
        ("email", "", []),
        ("email_profile", "", []),
        ("email_phone", "", []),
        ("", "", []),
        ("phone", "", ["key_not_mapped"]),
        ("custom", "CRM_ID", ["key_not_mapped"]),
        ("profile_id", "", ["key_not_mapped"]),
        ("custom", "", ["matching_unknown"]),
        ("push_sub", "", ["matching_unknown"]),
        ("whatever", "", ["matching_unknown"]),
        ("custom", "props", ["key_not_mapped", "key_kind"]),
    ],
)
def test_key_of_the_matching_must_be_mapped(matching, match_field, expected):
    assert codes(mapping_of(EMAIL), matching, match_field) == expected


def test_either_contact_is_enough_for_the_combined_matching():
    assert match_key_fields("email_phone_sub", "") == ("email", "phones")
    assert codes(mapping_of(ColumnTarget(0, "Phone", "phones")), "email_phone") == []


def test_status_is_never_a_field_of_ours():
    assert "_status" not in {field.name for field in SYSTEM_FIELDS}
    assert len({field.name for field in SYSTEM_FIELDS}) == len(SYSTEM_FIELDS)
