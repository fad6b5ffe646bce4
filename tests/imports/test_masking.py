import pytest

from imports.masking import mask


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("Incorrect phone", "Incorrect phone"),
        ("bad address ivan@example.com given", "bad address …@… given"),
        ("+79000000000 is taken", "… is taken"),
        ("profile 54759eb3c090d83494e2d804 exists", "profile … exists"),
        ("code 1011 in field 7", "code 1011 in field 7"),
    ],
)
def test_mask_hides_values_and_keeps_words(text: str, masked: str) -> None:
    assert mask(text) == masked
