"""When a second person is asked, and that a digest tells one plan from every other."""

from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imports.approvals import PlanHash, asks_second, bound_to, digest_of

POLICIES = ["never", "unsafe", "above:100", "always"]


@given(rows=st.integers(0, 1_000), unsafe=st.booleans())
def test_each_policy_asks_for_what_the_one_before_asks_for(rows: int, unsafe: bool) -> None:
    asked = [asks_second(policy, rows=rows, unsafe=unsafe) for policy in POLICIES]

    assert asked == sorted(asked)


@pytest.mark.parametrize("policy", ["", "sometimes", "above:", "above:many"])
def test_a_policy_nobody_knows_asks(policy: str) -> None:
    assert asks_second(policy, rows=1, unsafe=False)


def test_where_nothing_goes_nobody_is_asked() -> None:
    assert not asks_second("always", rows=0, unsafe=True)


def test_a_digest_does_not_depend_on_the_order_of_names() -> None:
    assert digest_of({"a": 1, "b": 2}) == digest_of({"b": 2, "a": 1}) != digest_of({"a": 2, "b": 1})


def test_another_account_is_another_digest() -> None:
    assert bound_to("1" * 64, {"token": "now"}) != bound_to("1" * 64, {"token": "then"})


@pytest.mark.parametrize("name", ["first_row", "last_row", "start", "stop", "body_bytes"])
def test_every_batch_counts(name: str) -> None:
    batch = {"first_row": 2, "last_row": 3, "start": 0, "stop": 2, "body_bytes": 90}

    def hashed(**cut: int) -> str:
        plan = PlanHash()
        assert len(list(plan.seen(iter([SimpleNamespace(**cut)])))) == 1
        return plan.hexdigest()

    assert hashed(**batch) != hashed(**batch | {name: batch[name] + 1})
