"""The engine: what a stage is, and how its work is named, planned, done and kept. It knows no stage and no file format.

Begin at stage.py, the contract of every stage; then cache_keys.py (names), store.py (where artefacts are kept), plan.py
(what can start), task.py (one piece of work) and executors/ (who does it). sandbox.py isolates calls that read
strangers' media; atomic_files.py writes files whole. All of pipeline/ but review/ may import this package;
stages import stage.py alone.
"""
