"""Colours and fonts of the flow's picture. A lane's colour marks its boxes, its arrows and its badges."""

LANE_COLOURS = 4
"""Lanes beyond these begin again with the first colour."""

STYLE = """
    svg { --paper: #ffffff; --box: #ffffff; --ink: #1f2933; --soft: #52606d;
          --input: #9a5800; --input-box: #fff6e0; --result: #b4235a; --result-box: #fdecf2;
          --c0: #2563a8; --l0: #eff5fc; --c1: #7a3fa8; --l1: #f7f1fc;
          --c2: #0b7267; --l2: #ebf7f5; --c3: #a8431b; --l3: #fdf3ee; }
    @media (prefers-color-scheme: dark) {
      svg { --paper: #0d1117; --box: #161c26; --ink: #e8edf3; --soft: #a9b5c2;
            --input: #e6b450; --input-box: #2b2413; --result: #f58cb0; --result-box: #301823;
            --c0: #7db4f0; --l0: #111d2e; --c1: #c79bf0; --l1: #1f1630;
            --c2: #5fcfc0; --l2: #0e2423; --c3: #f0a078; --l3: #2a1a13; }
    }
    .lane-0 { --c: var(--c0); --l: var(--l0); } .lane-1 { --c: var(--c1); --l: var(--l1); }
    .lane-2 { --c: var(--c2); --l: var(--l2); } .lane-3 { --c: var(--c3); --l: var(--l3); }
    .input { --c: var(--input); } .result { --c: var(--result); } .key { --c: var(--soft); }
    text { font-family: Helvetica, Arial, "Liberation Sans", "PingFang SC", "Noto Sans CJK SC", "Microsoft YaHei",
                        sans-serif; fill: var(--ink); }
    .paper { fill: var(--paper); }
    .lane { fill: var(--l); }
    .lane-name { font-size: 14px; font-weight: 700; fill: var(--c); }
    .box { fill: var(--box); stroke: var(--c); stroke-width: 1.2; }
    .input .box { fill: var(--input-box); } .result .box { fill: var(--result-box); }
    .optional { stroke-dasharray: 5 3; }
    .name { font-size: 12px; font-weight: 700; text-anchor: middle; }
    .gives { font-size: 11.5px; fill: var(--soft); text-anchor: middle; }
    .arrow { fill: none; stroke: var(--c); stroke-width: 1.5; }
    .tip { fill: var(--c); }
    .given { fill: var(--c); stroke: var(--c); }
    .taken { fill: var(--box); stroke: var(--c); }
    .code { font-size: 10.5px; font-weight: 700; text-anchor: middle; }
    .given-code { fill: var(--paper); }
    .taken-code { fill: var(--c); }
    .word { font-size: 12px; }
"""
