"""Draws the flow: the table of docs/flow.md and docs/flow.svg, both made from STAGES and what `wiring_of` reads.

`python -m docs.flow_diagram [report.json]`, called in a checkout, writes both; a test holds them current. No other
folder imports this one. Start at __main__.py: graph.py -> grid.py -> routes.py -> layout.py -> svg.py, and table.py.
"""
