"""Notes on what failed."""

import pickle
from pathlib import Path

import pytest

from domain.errors import InputError, InvalidValue, KandianError, LocatedError, MediaError, ToolError, WeightsError
from pipeline.engine.failures import (
    FAILURES_FOLDER,
    Failure,
    blame_of,
    clear_failures,
    error_message,
    load_failures,
    save_failure,
)


def failure(stage: str = "probe", session: str = "双十一", error: BaseException | None = None) -> Failure:
    raised = error or MediaError("录播.flv", "is empty (0 bytes)", "copy it again")
    return Failure.from_error(raised, session=session, stage=stage, key="ab", command=f"kandian run {session}")


@pytest.mark.parametrize(
    ("error", "blame"),
    [
        (MediaError("a", "b", "c"), "input"),
        (InputError("a", "b", "c"), "input"),
        (ToolError("a", "b", "c"), "machine"),
        (WeightsError("a", "b", "c"), "machine"),
        (OSError(28, "No space left on device"), "machine"),
        (MemoryError(), "machine"),
        (ZeroDivisionError("division by zero"), "kandian"),
        (TypeError("x"), "kandian"),
    ],
)
def test_the_blame_follows_the_error(error: BaseException, blame: str) -> None:
    assert blame_of(error) == blame


def test_our_errors_are_shown_as_they_are_and_others_with_their_class() -> None:
    assert error_message(MediaError("录播.flv", "is empty", "copy it again")) == "录播.flv: is empty; copy it again"
    assert error_message(InvalidValue("a span needs finite ends")) == "a span needs finite ends"
    assert error_message(OSError(28, "No space left on device")) == "OSError: [Errno 28] No space left on device"


def test_a_note_is_found_again_and_says_all(tmp_path: Path) -> None:
    noted = failure()
    save_failure(tmp_path, noted)
    assert list(load_failures(tmp_path, "双十一")) == [noted]
    assert (noted.error, noted.command) == ("录播.flv: is empty (0 bytes); copy it again", "kandian run 双十一")


def test_a_stage_has_one_note_its_newest(tmp_path: Path) -> None:
    save_failure(tmp_path, failure())
    save_failure(tmp_path, failure(error=ToolError("ffmpeg", "was killed", "try again")))
    assert [each.blame for each in load_failures(tmp_path, "双十一")] == ["machine"]


def test_parts_of_a_stage_have_notes_of_their_own(tmp_path: Path) -> None:
    for stage in ("encode_video (part 1)", "encode_video (part 2)", "encode_video (join)"):
        save_failure(tmp_path, failure(stage))
    assert len(list(load_failures(tmp_path, "双十一"))) == 3


def test_success_takes_away_the_notes_of_its_session_only(tmp_path: Path) -> None:
    save_failure(tmp_path, failure())
    save_failure(tmp_path, failure(session="双十二"))
    clear_failures(tmp_path, "双十一")
    assert list(load_failures(tmp_path, "双十一")) == []
    assert len(list(load_failures(tmp_path, "双十二"))) == 1


def test_forgetting_a_session_that_never_failed_does_nothing(tmp_path: Path) -> None:
    clear_failures(tmp_path, "双十一")
    assert list(tmp_path.iterdir()) == []


def test_a_note_that_is_not_whole_is_passed_over(tmp_path: Path) -> None:
    save_failure(tmp_path, failure())
    (tmp_path / "双十一" / FAILURES_FOLDER / "segment_takes.json").write_text('{"session": "双')
    assert [each.stage for each in load_failures(tmp_path, "双十一")] == ["probe"]


def subclasses(kind: type[KandianError]) -> set[type[KandianError]]:
    return {kind}.union(*(subclasses(each) for each in kind.__subclasses__()))


@pytest.mark.parametrize("kind", sorted(subclasses(LocatedError), key=str))
def test_errors_survive_the_way_from_a_worker(kind: type[LocatedError]) -> None:
    error = kind(Path("录播.flv"), "is empty", "copy it again")
    again = pickle.loads(pickle.dumps(error))
    assert (type(again), str(again), again.where) == (kind, "录播.flv: is empty; copy it again", "录播.flv")
