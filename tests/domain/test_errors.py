"""Errors: what they say, and that they survive the way between processes."""

import pickle
from collections.abc import Iterator

import pytest

import domain.errors
from domain.errors import InvalidValue, KandianError, LocatedError, MediaError


def located_errors(kind: type[LocatedError] = LocatedError) -> Iterator[type[LocatedError]]:
    yield kind
    for subclass in kind.__subclasses__():
        yield from located_errors(subclass)


def test_an_error_says_where_what_and_what_to_do_next() -> None:
    assert str(MediaError("a.flv", "is empty", "copy it again")) == "a.flv: is empty; copy it again"


@pytest.mark.parametrize("kind", list(located_errors()))
def test_an_error_survives_pickling(kind: type[LocatedError]) -> None:
    copy = pickle.loads(pickle.dumps(kind("a", "b", "c")))
    assert (type(copy), copy.where, copy.what, copy.remedy) == (kind, "a", "b", "c")


def test_the_page_shows_every_error() -> None:
    kinds = [name for name, value in vars(domain.errors).items() if isinstance(value, type)]
    tree = domain.errors.__doc__ or ""
    assert [name for name in kinds if name not in tree and name not in ("Path", "LocatedError")] == []


def test_a_refused_value_is_an_error_of_ours_and_a_value_error() -> None:
    assert issubclass(InvalidValue, KandianError)
    assert issubclass(InvalidValue, ValueError)
