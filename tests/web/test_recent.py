"""Answers of the last two seconds: kept so long, never longer, errors never."""

import anyio
import pytest

from domain.errors import ToolError
from web.recent import LIFETIME_S, Recent, Told


def test_an_answer_is_looked_up_once_until_its_time_is_over_or_something_is_published() -> None:
    clock, looks = [0.0], []

    def look() -> Told:
        looks.append(clock[0])
        return Told(b"found")

    async def ask() -> None:
        recent = Recent(now=lambda: clock[0])
        for at in (0.0, LIFETIME_S / 2, LIFETIME_S):
            clock[0] = at
            assert await recent.told(("a",), look) == Told(b"found")
        recent.forget()
        await recent.told(("a",), look)

    anyio.run(ask)
    assert looks == [0.0, LIFETIME_S, LIFETIME_S]


def test_an_error_is_not_kept() -> None:
    def fail() -> Told:
        raise ToolError("ledger", "does not answer", "look at it")

    async def ask() -> None:
        recent = Recent()
        with pytest.raises(ToolError):
            await recent.told(("a",), fail)
        assert await recent.told(("a",), lambda: Told(b"back")) == Told(b"back")

    anyio.run(ask)
