export const STYLE = `
:root {
  color-scheme: light dark;
  --page: #fbfbfa; --card: #fff; --text: #1d2125; --soft: #5b636b; --line: #dcdfe2; --accent: #2457c5;
  --pass: #16703a; --pass-soft: #e3f3e8; --fail: #b3261e; --fail-soft: #fbe7e5; --warn: #8a5300; --warn-soft: #fdf0d9;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #14171a; --card: #1c2024; --text: #e6e8ea; --soft: #a2abb3; --line: #343a40; --accent: #8fb2ff;
    --pass: #7ed69a; --pass-soft: #17301f; --fail: #ff9a92; --fail-soft: #3a1c1a; --warn: #f0c070; --warn-soft: #35280f;
  }
}
* { box-sizing: border-box; }
[hidden] { display: none !important; }
body { margin: 0 auto; max-width: 72rem; padding: 1.5rem 1rem 4rem; background: var(--page); color: var(--text); font: 16px/1.5 system-ui, sans-serif; }
h1 { font-size: 1.5rem; line-height: 1.3; margin: 0 0 .25rem; overflow-wrap: anywhere; }
h2 { font-size: 1.15rem; margin: 2rem 0 .75rem; }
h3 { font-size: .8rem; font-weight: 600; color: var(--soft); margin: 1rem 0 .25rem; }
p { margin: .25rem 0; }
.small { color: var(--soft); font-size: .85rem; overflow-wrap: anywhere; }
.verdict, .change, .tag, .outcome { border-radius: .3rem; padding: .1rem .4rem; font-size: .8rem; white-space: nowrap; }
.verdict { font-size: .85rem; font-weight: 700; vertical-align: .2em; }
.pass, .gained { color: var(--pass); background: var(--pass-soft); }
.fail, .lost, .regression { color: var(--fail); background: var(--fail-soft); }
.outcome.error, .cannot-run, .no-baseline, .inconclusive, .new, .changed { color: var(--warn); background: var(--warn-soft); }
.not-gated, .tag { color: var(--soft); border: 1px solid var(--line); }
.reasons, .notes { margin: .75rem 0 0; padding-left: 1.2rem; overflow-wrap: anywhere; }
.notes { color: var(--soft); }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(9.5rem, 1fr)); gap: .75rem; margin: 1.5rem 0 0; }
.tiles > div, .case, figure { background: var(--card); border: 1px solid var(--line); border-radius: .5rem; }
.tiles > div { padding: .75rem 1rem; }
dt { color: var(--soft); font-size: .85rem; }
dd { margin: 0; font-size: 1.35rem; font-weight: 600; }
dd .small { display: block; font-weight: 400; }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 18rem), 1fr)); gap: .75rem; }
figure { margin: 0; padding: .6rem .75rem .4rem; }
figcaption { font-size: .85rem; color: var(--soft); }
figure svg { display: block; width: 100%; height: auto; }
svg text { fill: var(--soft); font-size: 11px; }
.value { text-anchor: end; }
.last { text-anchor: end; }
.axis, .grid { stroke: var(--line); }
.grid { stroke-dasharray: 2 3; }
.line { fill: none; stroke: var(--accent); stroke-width: 1.5; }
.interval { stroke: var(--accent); stroke-opacity: .35; stroke-width: 3; }
.dot { fill: var(--accent); }
.now { fill: var(--card); stroke: var(--accent); stroke-width: 2; }
.filter { display: flex; flex-wrap: wrap; gap: .5rem 1rem; align-items: center; margin-bottom: .75rem; }
.filter label { color: var(--soft); font-size: .9rem; }
input, select, button { font: inherit; color: var(--text); background: var(--card); border: 1px solid var(--line); border-radius: .3rem; padding: .3rem .5rem; min-height: 2.4rem; }
input { width: 14rem; max-width: 100%; }
button { cursor: pointer; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
output { color: var(--soft); font-size: .9rem; margin-left: auto; }
.case { margin-bottom: .4rem; }
.case > summary { display: flex; flex-wrap: wrap; gap: .3rem .6rem; align-items: center; padding: .5rem .75rem; cursor: pointer; border-radius: .5rem; list-style: none; }
.case > summary::-webkit-details-marker { display: none; }
.case[open] > summary { border-bottom: 1px solid var(--line); border-radius: .5rem .5rem 0 0; }
.id { font-weight: 600; overflow-wrap: anywhere; min-width: 0; }
.tags { display: flex; flex-wrap: wrap; gap: .25rem; }
.figures { margin-left: auto; display: flex; gap: .75rem; color: var(--soft); font-size: .85rem; font-variant-numeric: tabular-nums; white-space: nowrap; }
.figures .ms { min-width: 4.5rem; text-align: right; }
.score svg { width: 60px; height: 6px; margin-right: .4rem; vertical-align: .1em; }
.track { fill: var(--line); }
.full { fill: var(--pass); }
.part { fill: var(--fail); }
.body { padding: 0 .75rem .75rem; }
pre { margin: 0; padding: .6rem .75rem; background: var(--page); border: 1px solid var(--line); border-radius: .3rem; max-height: 24rem; overflow: auto; white-space: pre-wrap; overflow-wrap: anywhere; font: .85rem/1.5 ui-monospace, monospace; }
pre.error { color: var(--warn); }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .85rem; }
th, td { text-align: left; vertical-align: top; padding: .35rem .6rem .35rem 0; border-bottom: 1px solid var(--line); }
thead th { color: var(--soft); font-weight: 400; }
tbody th { font-weight: 600; }
.number { font-variant-numeric: tabular-nums; }
.reason { overflow-wrap: anywhere; min-width: 12rem; }
.more { margin-top: .75rem; }
.more > summary { cursor: pointer; color: var(--accent); }
@media (max-width: 30rem) {
  .figures { margin-left: 0; width: 100%; justify-content: space-between; }
  .filter label, .filter input, .filter select { width: 100%; }
  .filter input, .filter select { display: block; }
}
@media print { .filter, script { display: none; } pre { max-height: none; } }
`
