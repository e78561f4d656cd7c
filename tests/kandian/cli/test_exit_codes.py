"""Exit codes, which schedulers act on."""

from pathlib import Path

import pytest

from domain.errors import (
    CatalogError,
    InvalidValue,
    KandianError,
    MediaError,
    SettingsError,
    ToolError,
    UsageError,
    WeightsError,
)
from kandian.cli.exit_codes import (
    BAD_INPUT,
    DONE,
    EXIT_CODES,
    INTERRUPTED,
    SOME_DONE,
    TRY_AGAIN,
    USAGE,
    exit_code_of_error,
    exit_code_of_outcomes,
)
from pipeline.engine.failures import Failure
from pipeline.runner import Outcome

DONE_ONE = Outcome("好", Path("out/好"), 14)


def failed(*errors: BaseException) -> Outcome:
    failures = tuple(Failure.from_error(error, session="坏", stage="probe", key="", command="") for error in errors)
    return Outcome("坏", None, 1, failures=failures)


INPUT, MACHINE, OURS = MediaError("a", "b", "c"), ToolError("a", "b", "c"), ZeroDivisionError()


@pytest.mark.parametrize(
    ("outcomes", "code"),
    [
        ([DONE_ONE], DONE),
        ([DONE_ONE, DONE_ONE], DONE),
        ([DONE_ONE, failed(INPUT)], SOME_DONE),
        ([failed(MACHINE), DONE_ONE], SOME_DONE),
        ([failed(INPUT)], BAD_INPUT),
        ([failed(INPUT), failed(INPUT, INPUT)], BAD_INPUT),
        ([failed(MACHINE)], TRY_AGAIN),
        ([failed(OURS)], TRY_AGAIN),
        ([failed(INPUT), failed(MACHINE)], TRY_AGAIN),
        ([failed(INPUT, OSError("disk"))], TRY_AGAIN),
    ],
)
def test_outcomes_make_the_code(outcomes: list[Outcome], code: int) -> None:
    assert exit_code_of_outcomes(outcomes) == code


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (UsageError("a", "b", "c"), USAGE),
        (SettingsError("a", "b", "c"), USAGE),
        (CatalogError("a", "b", "c"), BAD_INPUT),
        (WeightsError("a", "b", "c"), TRY_AGAIN),
        (InvalidValue("a"), TRY_AGAIN),
    ],
)
def test_an_error_that_ends_the_command_makes_the_code(error: KandianError, code: int) -> None:
    assert exit_code_of_error(error) == code


def test_help_lists_every_code() -> None:
    codes = {DONE, USAGE, BAD_INPUT, TRY_AGAIN, SOME_DONE, INTERRUPTED}
    assert {int(word) for word in EXIT_CODES.replace(";", " ").replace(":", " ").split() if word.isdigit()} == codes
