"""`kandian sweep`."""

import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

from pipeline.engine.serialization import adapter_of
from pipeline.engine.stale_work import is_alive, partials_of
from pipeline.engine.store import RECEIPT, Receipt
from pipeline.outputs.results_folder import artefacts_behind
from pipeline.run import Setup


def sweep_command(setup: Setup, dry_run: bool) -> int:
    """Remove what no delivered result is made from. A session under way or without whole results is left alone."""
    freed = 0
    for session in sorted(path for path in setup.store_root.glob("*") if path.is_dir() and path.name[0] != "."):
        for folder in _removable(session, setup.out / session.name):
            size = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
            freed += size
            print(f"{'would remove' if dry_run else 'removed'} {folder} ({size / 1e6:.1f} MB)")
            if not dry_run:
                shutil.rmtree(folder)
    print(f"{freed / 1e6:.1f} MB {'could be' if dry_run else 'were'} freed")
    return 0


def _removable(session: Path, results: Path) -> Iterator[Path]:
    partials = tuple(partials_of(session))
    yield from (partial for partial in partials if not is_alive(partial))
    artefacts = artefacts_behind(results)
    if artefacts is None or any(map(is_alive, partials)):
        return
    kept = _kept(session, artefacts)
    for artefact in sorted(session.glob("[!.]*/*")):
        if artefact.is_dir() and f"{artefact.parent.name}/{artefact.name}" not in kept:
            yield artefact


def _kept(session: Path, artefacts: Mapping[str, str]) -> set[str]:
    """What a run of the session as it is now looks for: every artefact of its plan, and the pieces they were joined of.

    Not what those were once made from: work that gave the same as before has receipts that name older inputs.
    """
    roots = {f"{kind}/{key}" for kind, key in artefacts.items()}
    return roots.union(*(_pieces_of(session / name / RECEIPT) for name in roots))


def _pieces_of(receipt: Path) -> tuple[str, ...]:
    """The pieces it was joined of; none where the receipt is lost, and then they are made again if they are needed."""
    try:
        return adapter_of(Receipt).validate_json(receipt.read_bytes()).pieces
    except (OSError, ValueError):
        return ()
