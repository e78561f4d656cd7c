"""One call from inputs to results, for jobs that embed kandian."""

import shlex
import subprocess
import sys
from pathlib import Path

import pytest

import kandian
from domain.errors import SettingsError, UsageError
from fixtures.tiny_show import write_catalog
from pipeline.run import STORE_FOLDER, RunConfig, run

ROOT = Path(__file__).parents[2]


def test_the_store_lies_in_out_unless_it_is_given(tmp_path: Path) -> None:
    assert RunConfig(tmp_path).store_root == tmp_path / STORE_FOLDER
    assert RunConfig(tmp_path, tmp_path / "别处").store_root == tmp_path / "别处"


def test_the_store_is_absolute_so_that_workers_find_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert RunConfig(Path("out")).store_root == tmp_path / "out" / STORE_FOLDER


@pytest.mark.parametrize("workers", [0, -1])
def test_no_workers_at_all_are_refused(workers: int) -> None:
    with pytest.raises(UsageError, match="must be at least 1"):
        RunConfig(workers=workers)


@pytest.mark.parametrize(
    ("setup", "flags"),
    [
        (RunConfig(Path("out")), "--out out"),
        (RunConfig(Path("结 果"), Path("s"), workers=2), "--out '结 果' --store s --workers 2"),
        (RunConfig(Path("o"), executor="ray", ray_address="auto"), "--out o --executor ray --ray-address auto"),
        (RunConfig(Path("o"), settings=Path("k.toml")), "--out o --settings k.toml"),
    ],
)
def test_a_setup_is_said_in_flags(setup: RunConfig, flags: str) -> None:
    assert shlex.join(setup.cli_flags) == flags


def test_no_session_is_a_usage_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no session is given"):
        run(out=tmp_path)


def test_a_place_that_cannot_be_a_folder_is_a_usage_error(show: Path, tmp_path: Path) -> None:
    (tmp_path / "文件").write_text("x")
    with pytest.raises(UsageError, match=r"--out: the folder .*文件 cannot be made"):
        run(show, out=tmp_path / "文件")
    with pytest.raises(UsageError, match=r"--store: the folder .*文件/里面 cannot be made"):
        run(show, config=RunConfig(tmp_path / "out", tmp_path / "文件" / "里面"))


@pytest.mark.parametrize(
    ("section", "setting", "message"),
    [
        ("transcribe", "compute_type = 'int9'", r"\[transcribe\] compute_type: 'int9' is not .*; supported are "),
        ("rescore", "compute_type = 'int9'", r"\[rescore\] compute_type: 'int9' is not .*; supported are "),
        ("transcribe", "device = 'gpu'", r"\[transcribe\]: device must be 'cpu' or 'cuda', not 'gpu'"),
        ("rescore", "device = 'gpu'", r"\[rescore\]: device must be 'cpu' or 'cuda', not 'gpu'"),
    ],
)
def test_what_whisper_cannot_compute_with_is_refused_before_anything_runs(
    tmp_path: Path, section: str, setting: str, message: str
) -> None:
    settings = tmp_path / "kandian.toml"
    settings.write_text(f"[{section}]\n{setting}\n", encoding="utf-8")
    with pytest.raises(SettingsError, match=message):
        run(silent_session(tmp_path), config=RunConfig(tmp_path / "out", settings=settings))
    assert not (tmp_path / "out").exists()


def test_with_captions_it_does_not_matter_what_whisper_computes_with(tmp_path: Path) -> None:
    settings, session = tmp_path / "kandian.toml", silent_session(tmp_path)
    settings.write_text("[transcribe]\ncompute_type = 'int9'\n", encoding="utf-8")
    (session / "captions.srt").write_text("1\n00:00:01,000 --> 00:00:02,000\n上链接\n", encoding="utf-8")
    (outcome,) = run(session, config=RunConfig(tmp_path / "out", executor="in_process", settings=settings))
    assert "no recording" in outcome.failures[0].error


def silent_session(folder: Path) -> Path:
    """A session folder with a catalogue and nothing else."""
    session = folder / "场次"
    session.mkdir()
    write_catalog(session)
    return session


def test_the_public_import_is_the_same_call() -> None:
    assert kandian.run is run
    assert sorted(kandian.__all__) == ["Outcome", "run"]


@pytest.mark.slow
def test_the_documented_lines_run_as_a_script(show: Path, tmp_path: Path) -> None:
    """Three lines without `if __name__ == "__main__"`: workers must not run the script once more."""
    lines = [line.strip(" ") for line in (kandian.__doc__ or "").splitlines() if line.startswith("    ")]
    assert lines[0] == "from kandian import run"
    script = tmp_path / "脚本.py"
    body = (kandian.__doc__ or "").partition("    from")[2]
    text = "".join(line.removeprefix("    ") for line in f"    from{body}".splitlines(keepends=True))
    script.write_text(text.replace("shows/2026-11-11", str(show)).replace('"results"', repr(str(tmp_path / "out"))))
    answer = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, cwd=ROOT, timeout=100)
    assert (answer.stderr, answer.returncode) == ("", 0)
    assert answer.stdout == f"双十一 {tmp_path / 'out' / '双十一'} ()\n"
