"""How the page looks: one style sheet, light and dark, from 360 pixels of width up."""

PRODUCT_COLOURS = 9

# Paul Tol's "muted" scheme, made for colour-blind eyes; indigo, green, wine and purple are lighter on dark ground.
STYLE = """
:root { color-scheme: light dark;
  --ground: #fff; --ink: #1c1e21; --soft: #5c6370; --line: #d8dce2; --panel: #f5f6f8;
  --right: #0072b2; --off: #b36b00; --wrong: #c0392b; --missed: #5c6370;
  --p0: #332288; --p1: #3f9cc9; --p2: #44aa99; --p3: #117733; --p4: #999933;
  --p5: #c2a83e; --p6: #cc6677; --p7: #882255; --p8: #aa4499; }
@media (prefers-color-scheme: dark) { :root {
  --ground: #16181c; --ink: #e8eaed; --soft: #a0a7b4; --line: #363b44; --panel: #1f2228;
  --right: #56b4e9; --off: #e69f00; --wrong: #ff7b6b; --missed: #a0a7b4;
  --p0: #8f86f0; --p1: #88ccee; --p2: #44aa99; --p3: #3fb36b; --p4: #b5b543;
  --p5: #ddcc77; --p6: #e0808f; --p7: #d0609a; --p8: #cf74c4; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 24px; max-width: 1328px; background: var(--ground); color: var(--ink);
  font: 14px/1.5 system-ui, -apple-system, "Segoe UI", "Noto Sans CJK SC", "PingFang SC", sans-serif; }
h1 { font-size: 22px; margin: 0 0 4px; } h2 { font-size: 17px; margin: 32px 0 8px; overflow-wrap: anywhere; }
h3 { font-size: 13px; margin: 0 0 8px; } p { margin: 0 0 12px; }
.soft { color: var(--soft); } a { color: var(--right); }
nav span, nav a { display: inline-block; margin: 0 14px 4px 0; overflow-wrap: anywhere; }
.wide { overflow-x: auto; max-width: 100%; margin-bottom: 16px; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: 3px 10px; text-align: right; border-bottom: 1px solid var(--line); white-space: nowrap; }
th:first-child, td:first-child { text-align: left; padding-left: 0; } th { font-weight: 600; color: var(--soft); }
.charts { display: flex; flex-wrap: wrap; gap: 16px 32px; align-items: flex-start; }
.charts > * { max-width: 100%; min-width: 0; } .charts .wide { margin-top: 8px; }
.chart { display: block; max-width: 100%; height: auto; }
.chips { display: flex; flex-wrap: wrap; gap: 6px; margin: 0 0 10px; padding: 0; list-style: none; }
.chips li { display: flex; align-items: center; gap: 5px;
  border: 1px solid var(--line); border-radius: 12px; padding: 1px 10px; background: var(--panel); }
.chips li.right { border-color: var(--right); } .chips li.off { border-color: var(--off); }
.chips li.wrong { border-color: var(--wrong); } .chips li.missed { border-style: dashed; border-color: var(--missed); }
.timeline { display: grid; grid-template-columns: 176px minmax(0, 1fr); border: 1px solid var(--line);
  border-radius: 6px; overflow: hidden; background: var(--ground); margin-bottom: 10px; }
.names { border-right: 1px solid var(--line); background: var(--panel); overflow: hidden; }
.names div { display: flex; align-items: center; gap: 6px; padding: 0 8px; overflow: hidden; white-space: nowrap;
  font-size: 12px; }
.names span { overflow: hidden; text-overflow: ellipsis; } .names b { font-weight: 600; }
.names i { flex: none; width: 9px; height: 9px; border-radius: 2px; }
.scroll { overflow-x: auto; overflow-y: hidden; } .scroll svg { display: block; }
details > summary { cursor: pointer; margin-bottom: 6px; }
.patterns { position: absolute; }
svg text { fill: var(--ink); font-size: 11px; font-family: inherit; } svg .soft { fill: var(--soft); }
svg .error { paint-order: stroke; stroke: var(--ground); stroke-width: 3; }
.rule { stroke: var(--line); stroke-width: 1; } .guide { stroke: var(--soft); stroke-width: 1; stroke-dasharray: 1 4; }
.bar { fill-opacity: .34; stroke-width: 1.5; } .bar.faint { fill-opacity: .1; stroke-dasharray: 4 2; }
.bar.missed { fill-opacity: .06; stroke-dasharray: 4 3; } .hatch { pointer-events: none; }
.hatch-ink { stroke: var(--wrong); stroke-width: 2; } .hatch-soft { stroke: var(--missed); stroke-width: 1.2; }
.badge.right { fill: var(--right); } .badge.off { fill: var(--off); } .badge.wrong { fill: var(--wrong); }
.badge.missed { fill: var(--missed); } .badge.ignored { fill: var(--line); }
.sign { fill: none; stroke: var(--ground); stroke-width: 1.8; stroke-linecap: round; stroke-linejoin: round; }
.shift { stroke: var(--off); stroke-width: 2; } .band { fill-opacity: .16; } .under { stroke-width: 3; }
.ignored { fill: var(--line); fill-opacity: .6; } .said { fill: var(--soft); fill-opacity: .35; }
.crowd { fill: var(--soft); fill-opacity: .45; }
.said.unsure { fill-opacity: .12; } .said:hover, .bar:hover { fill-opacity: .7; }
.curve { fill: none; stroke: var(--right); stroke-width: 2; }
.mention { fill: var(--ink); } .ideal { stroke: var(--soft); stroke-dasharray: 3 3; } .point { fill: var(--right); }
.gap { fill: var(--off); opacity: .3; }
.words { margin: 0; padding: 0; list-style: none; max-width: 600px; }
.words li { display: flex; gap: 8px; margin-bottom: 8px; overflow-wrap: anywhere; }
.words svg { flex: none; margin-top: 2px; } .words b, .words span { margin-right: 8px; }
.key { display: flex; flex-wrap: wrap; gap: 4px 18px; margin: 0 0 12px; padding: 0; list-style: none; }
.key li { display: flex; align-items: center; gap: 6px; } .key svg { flex: none; }
@media (max-width: 640px) { body { padding: 12px; font-size: 13px; }
  .timeline { grid-template-columns: 92px minmax(0, 1fr); }
  .names div { padding: 0 4px; font-size: 11px; } }
""" + "\n".join(
    f".c{i} {{ fill: var(--p{i}); stroke: var(--p{i}); }} i.c{i} {{ background: var(--p{i}); }}"
    for i in range(PRODUCT_COLOURS)
)
