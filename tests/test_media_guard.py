"""The mark `media` can be trusted: a test that renders without it fails."""

from pathlib import Path

import pytest

from fixtures.media import Clip, rendered
from fixtures.media_guard import check_program, rendered_once, unmarked_tests
from media import ffmpeg


def test_a_test_without_the_mark_may_render_nothing(request: pytest.FixtureRequest) -> None:
    assert unmarked_tests == [request.node.name]
    with pytest.raises(pytest.fail.Exception, match=r"may_render_nothing renders media .*mark it: @pytest.mark.media"):
        rendered(Clip())


def test_what_was_rendered_for_another_test_is_not_given_either() -> None:
    count: list[int] = []
    make = rendered_once(lambda: count.append(1))
    unmarked, unmarked_tests[:] = unmarked_tests[:], []
    make()
    unmarked_tests[:] = unmarked
    with pytest.raises(pytest.fail.Exception, match="renders media"):
        make()
    assert count == [1]


def test_a_test_without_the_mark_may_not_start_ffmpeg(tmp_path: Path) -> None:
    job = ffmpeg.FfmpegJob(None, 1.0)
    import ffmpeg as graph

    silence = graph.input("anullsrc=d=0.1", format="lavfi").output(str(tmp_path / "silence.wav"))
    with pytest.raises(pytest.fail.Exception, match="runs ffmpeg"):
        ffmpeg.run(silence, job)
    assert ffmpeg.version()


@pytest.mark.media
def test_a_test_with_the_mark_may_render() -> None:
    assert unmarked_tests == []
    check_program("subprocess.Popen", (b"ffmpeg", ["ffmpeg", "-i", "a"], None, None))


def test_what_takes_the_tiny_show_has_the_mark(request: pytest.FixtureRequest) -> None:
    items = {item.name: item for item in request.session.items}
    taking = [item for item in items.values() if "tiny_show" in getattr(item, "fixturenames", ())]
    assert [item.name for item in taking if item.get_closest_marker("media") is None] == []
