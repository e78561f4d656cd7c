"""Better words from a language model, through whole runs: what it may change, and what its failures cost."""

import json
import shutil
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from domain.clock import Seconds
from domain.highlight import Highlight
from fixtures.stub_language_model import Reply, completion, stub_model, words
from kandian import Outcome, run
from kandian.cli.exit_codes import DONE, exit_code_of_outcomes
from pipeline.engine.observer import NullObserver
from pipeline.network.language_model import API_KEY_VARIABLE
from pipeline.outputs.highlights_file import read_highlights
from pipeline.run import RunConfig
from tests.conftest import Command

NAME = "双十一"
NAMES = ("纯棉毛巾", "双抗精华", "电动牙刷")
SUMMARY = "吸水好用，摸着很软，洗了也不掉毛。"


def polite(asked: dict[str, Any]) -> Reply:
    """Good words about whatever product it is asked about."""
    (product,) = json.loads(asked["messages"][1]["content"])["products"]
    return words(f"好用的{product['name']}", SUMMARY)


def run_with(out: Path, show: Path, address: str, *, model: str = "stub", executor: str = "in_process") -> Outcome:
    settings = out.parent / "设置.toml"
    settings.write_text(
        f'[reword_takes]\naddress = "{address}"\nmodel = "{model}"\ntimeout_s = 0.5\n'
        "max_attempts = 1\nretry_pause_s = 0.0\n"
    )
    (outcome,) = run(show, config=RunConfig(out, executor=executor, settings=settings))  # type: ignore[arg-type]
    return outcome


def highlights(out: Path) -> tuple[Highlight, ...]:
    return read_highlights(out / NAME / "highlights.json").highlights


def facts(out: Path) -> list[tuple[object, ...]]:
    """All of the highlights that no language model may change."""
    return [
        (h.id, h.product_ids, h.start, h.end, h.seek, h.confidence, h.moments, h.reasons, h.take, h.best_take, h.status)
        for h in highlights(out)
    ]


def report(out: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((out / NAME / "report.json").read_text(encoding="utf-8"))
    return content


def test_titles_and_summaries_are_bettered_and_nothing_else(show: Path, out: Path, done_out: Path) -> None:
    with stub_model(polite) as stub:
        outcome = run_with(out, show, stub.address)
    assert outcome.warnings == ()
    assert [h.title for h in highlights(out)] == [f"好用的{name}" for name in NAMES[: len(highlights(out))]]
    assert {h.summary for h in highlights(out)} == {SUMMARY}
    assert facts(out) == facts(done_out)


def test_only_what_needs_the_words_is_done_again(show: Path, out: Path) -> None:
    with stub_model(polite) as stub:
        run_with(out, show, stub.address)
    assert {stage["stage"] for stage in report(out)["stages"] if stage["tasks_run"]} == {
        "reword_takes",
        "assemble_highlights",
        "merge_review",
        "write_index",
    }


def test_an_answer_is_kept_and_not_asked_for_again(show: Path, out: Path) -> None:
    with stub_model(polite) as stub:
        run_with(out, show, stub.address)
        first = len(stub.asked)
        outcome = run_with(out, show, stub.address)
    assert (first, len(stub.asked), outcome.tasks_run) == (len(highlights(out)), first, 0)


def test_the_kept_answer_does_without_the_server(show: Path, out: Path) -> None:
    with stub_model(polite) as stub:
        run_with(out, show, stub.address)
    outcome = run_with(out, show, stub.address)
    assert (outcome.tasks_run, outcome.warnings) == (0, ())
    assert {h.summary for h in highlights(out)} == {SUMMARY}


def test_another_model_is_asked_anew(show: Path, out: Path) -> None:
    with stub_model(polite) as stub:
        run_with(out, show, stub.address)
        run_with(out, show, stub.address, model="other")
    assert [asked["model"] for _, _, asked in stub.asked] == ["stub"] * 2 + ["other"] * 2


def test_switched_off_again_the_own_words_are_back(show: Path, out: Path, done_out: Path) -> None:
    with stub_model(polite) as stub:
        run_with(out, show, stub.address)
    run(show, config=RunConfig(out, executor="in_process"))
    assert highlights(out) == highlights(done_out)


@pytest.mark.parametrize(
    ("reply_to", "reason"),
    [
        (lambda _: Reply(status=500), "status 500"),
        (lambda _: Reply(status=401), "status 401"),
        (lambda _: Reply(b"<html>"), "no chat completion"),
        (lambda _: Reply(is_silent=True), "within 0.5 s"),
        (lambda _: Reply(b" " * 2_000_000), "more than 1000000 bytes"),
        (lambda _: completion("我不能帮你"), "not JSON"),
        (lambda _: words("珀莱雅红宝石精华", SUMMARY), "does not name its product"),
        (lambda _: words(NAMES[0], "只要九块九。"), "number 9.9 was neither said nor listed"),
        (lambda _: words(NAMES[0], SUMMARY, product_ids=["730014"], start=0), "title and summary alone"),
    ],
)
def test_where_it_fails_the_own_words_stay_and_a_warning_says_why(
    show: Path, out: Path, done_out: Path, reply_to: Callable[[dict[str, Any]], Reply], reason: str
) -> None:
    with stub_model(reply_to) as stub:
        outcome = run_with(out, show, stub.address)
    assert exit_code_of_outcomes((outcome,)) == DONE
    assert any(reason in warning for warning in report(out)["warnings"])
    assert reason in " ".join(outcome.warnings)
    assert [h for h in highlights(out) if h.summary == SUMMARY] == []
    assert facts(out) == facts(done_out)


def test_a_server_that_failed_is_asked_again_by_the_next_run(show: Path, out: Path) -> None:
    replies = iter([Reply(status=500), Reply(status=500)])
    with stub_model(lambda asked: next(replies, None) or polite(asked)) as stub:
        assert run_with(out, show, stub.address).warnings
        assert run_with(out, show, stub.address).warnings == ()
    assert {h.summary for h in highlights(out)} == {SUMMARY}


def test_an_answer_that_was_no_use_is_not_paid_for_twice(show: Path, out: Path) -> None:
    with stub_model(lambda _: completion("不")) as stub:
        run_with(out, show, stub.address)
        first = len(stub.asked)
        again = run_with(out, show, stub.address)
    assert len(stub.asked) == first
    assert "not JSON" in " ".join(again.warnings)


def test_workers_need_neither_the_address_nor_the_key(show: Path, out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(API_KEY_VARIABLE, "sk-secret")
    with stub_model(polite) as stub:
        run_with(out, show, stub.address, executor="pool")
    assert {headers["Authorization"] for _, headers, _ in stub.asked} == {"Bearer sk-secret"}
    written = [path for path in out.rglob("*.json") if b"sk-secret" in path.read_bytes()]
    assert written == []
    assert {h.summary for h in highlights(out)} == {SUMMARY}


def test_sweeping_keeps_the_answers_behind_the_results(show: Path, out: Path, kandian_command: Command) -> None:
    with stub_model(polite) as stub:
        run_with(out, show, stub.address)
        asked = len(stub.asked)
        assert kandian_command("sweep", "--out", out).code == DONE
        run_with(out, show, stub.address)
    assert len(stub.asked) == asked


def test_a_slow_language_model_keeps_no_other_session_waiting(show: Path, out: Path, tmp_path: Path) -> None:
    sessions = [tmp_path / "many" / f"场次 {number}" for number in range(4)]
    for session in sessions:
        shutil.copytree(show, session)
        shutil.copytree(out / ".store" / NAME, out / ".store" / session.name)
    all_are_open, opened = threading.Event(), set[str]()

    class Opened(NullObserver):
        def on_session_opened(self, session_id: str, duration: Seconds | None) -> None:  # noqa: ARG002
            opened.add(session_id)
            if len(opened) == len(sessions):
                all_are_open.set()

    def slow(asked: dict[str, Any]) -> Reply:
        assert all_are_open.wait(timeout=30)
        return polite(asked)

    with stub_model(slow) as stub:
        settings = tmp_path / "settings.toml"
        settings.write_text(f'[reword_takes]\naddress = "{stub.address}"\nmodel = "stub"\n')
        config = RunConfig(out, executor="in_process", settings=settings)
        outcomes = run(*sessions, config=config, observer=Opened())
    assert [outcome.warnings for outcome in outcomes] == [()] * len(sessions)
