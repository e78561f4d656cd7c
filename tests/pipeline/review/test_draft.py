"""Sessions are asked for by people, who type folders for ids."""

import pytest

from domain.errors import ReviewError
from pipeline.review.draft import validate_session_id


@pytest.mark.parametrize(
    ("typed", "hint"),
    [("../out/双十一", ": 双十一"), ("双十一/", ": 双十一"), ("out/a\nb", ""), ("x" * 300, ""), ("..", "")],
)
def test_a_hint_is_an_id_or_nothing(typed: str, hint: str) -> None:
    with pytest.raises(ReviewError) as error:
        validate_session_id(typed)
    assert str(error.value).endswith(f"the name of its folder in OUT{hint}")
    assert "\n" not in str(error.value)
