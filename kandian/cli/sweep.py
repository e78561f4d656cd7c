"""`kandian sweep`: remove artefacts that no result needs."""

import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated

import typer

from kandian.cli.app import app, with_exit_code
from kandian.cli.options import OutDir, StoreDir


@app.command()
@with_exit_code
def sweep(
    out: OutDir = Path("out"),
    store: StoreDir = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be removed.")] = False,
) -> int:
    """Remove finished work that no delivered result is made from, and what killed runs left behind."""
    from pipeline.run import RunConfig

    config = RunConfig(out, store)
    freed_bytes = 0
    for session in sorted(path for path in config.store_root.glob("*") if path.is_dir() and path.name[0] != "."):
        for folder in _removable_folders(session, config.out / session.name):
            size = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
            freed_bytes += size
            print(f"{'would remove' if dry_run else 'removed'} {folder} ({size / 1e6:.1f} MB)")
            if not dry_run:
                shutil.rmtree(folder)
    print(f"{freed_bytes / 1e6:.1f} MB {'could be' if dry_run else 'were'} freed")
    return 0


def _removable_folders(session: Path, results: Path) -> Iterator[Path]:
    """Artefacts and workspaces that can go; of a session under way or without whole results, dead workspaces only."""
    from pipeline.engine.stale_work import is_owner_alive, list_workspaces
    from pipeline.outputs.results_folder import delivered_artefacts

    workspaces = tuple(list_workspaces(session))
    yield from (workspace for workspace in workspaces if not is_owner_alive(workspace))
    artefacts = delivered_artefacts(results)
    if artefacts is None or any(map(is_owner_alive, workspaces)):
        return
    needed = _needed_artefacts(session, artefacts)
    for artefact in sorted(session.glob("[!.]*/*")):
        if artefact.is_dir() and f"{artefact.parent.name}/{artefact.name}" not in needed:
            yield artefact


def _needed_artefacts(session: Path, artefacts: Mapping[str, str]) -> set[str]:
    """The artefacts that a run of the session as it is now looks for: those of its plan, and the pieces of joined ones.

    Not the inputs in their receipts: where work gave the same output as before, receipts name older inputs.
    """
    from pipeline.engine.store import RECEIPT_FILE

    roots = {f"{kind}/{key}" for kind, key in artefacts.items()}
    return roots.union(*(_read_receipt_pieces(session / name / RECEIPT_FILE) for name in roots))


def _read_receipt_pieces(receipt: Path) -> tuple[str, ...]:
    """The pieces of a joined artefact; none where the receipt is lost, and then a run makes them again if need be."""
    from pipeline.engine.serialization import type_adapter
    from pipeline.engine.store import Receipt

    try:
        return type_adapter(Receipt).validate_json(receipt.read_bytes()).pieces
    except (OSError, ValueError):
        return ()
