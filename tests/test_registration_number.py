"""Registration numbers: which can be right, and what is wrong with the others."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.content.registration_number import NumberFault, business_check, corporate_check, examined


@pytest.mark.parametrize("number", ["124-81-00998", "1208147521", " 220 - 81 - 62517 "])
def test_business_numbers_that_companies_publish_are_right(number: str) -> None:
    assert examined(number).fault is None
    assert examined(number).written.count("-") == 2


def test_a_corporate_number_is_written_with_its_hyphen_and_its_last_digit_is_only_remarked() -> None:
    """110111-006243 is the example of the rule on these numbers; its last digit is 2."""
    assert corporate_check("110111006243") == 2
    assert (examined("1101110062432").written, examined("1101110062432").is_odd) == ("110111-0062432", False)
    other = examined("110111-0062433")
    assert other.fault is None and other.is_odd


@pytest.mark.parametrize(
    ("number", "fault"),
    [
        ("124-81-00999", NumberFault.BUSINESS_CHECK),
        ("214-81-00998", NumberFault.BUSINESS_CHECK),  # two digits changed places
        ("12481009", NumberFault.LENGTH),
        ("", NumberFault.SIGNS),
        ("가나다", NumberFault.SIGNS),
        ("124.81.00998", NumberFault.SIGNS),
        ("１２４８１００９９８", NumberFault.SIGNS),
    ],
)
def test_what_cannot_be_right_is_named(number: str, fault: NumberFault) -> None:
    assert examined(number).fault is fault


@given(st.text("0123456789", min_size=9, max_size=9), st.integers(0, 8), st.integers(1, 9))
def test_one_wrong_digit_of_a_business_number_is_noticed(nine: str, place: int, more: int) -> None:
    """All weights but that of the ninth digit are prime to ten; the ninth counts its tens once more."""
    right = nine + str(business_check(nine))
    wrong = right[:place] + str((int(right[place]) + more) % 10) + right[place + 1 :]
    assert examined(right).fault is None
    assert examined(wrong).fault is NumberFault.BUSINESS_CHECK
