/** Of the page of a trace. Each colour has its light and its dark value at the top. */
export const STYLE = `
:root { color-scheme: light dark; --ink: light-dark(#1b1f24, #e6e8eb); --soft: light-dark(#5b6570, #9aa4af);
  --ground: light-dark(#ffffff, #14171a); --panel: light-dark(#f5f6f8, #1d2126); --line: light-dark(#d9dde2, #333a42);
  --ok: light-dark(#1a7f4b, #4fc587); --error: light-dark(#b3372b, #f08a7e); --denied: light-dark(#8a5a00, #e0b04a);
  --model: light-dark(#3d5fc4, #8ea6f5); }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 60rem; padding: 2rem 1rem 4rem; background: var(--ground); color: var(--ink);
  font: 16px/1.5 system-ui, sans-serif; }
h1 { margin: 0 0 .5rem; font-size: 1.5rem; overflow-wrap: anywhere; }
h2 { margin: 2rem 0 .25rem; font-size: 1.1rem; }
h3 { margin: 0 0 .5rem; font-size: 1rem; font-weight: 600; }
p { margin: .25rem 0; }
.kind { color: var(--soft); font-size: .85rem; overflow-wrap: anywhere; }
.reason { font-size: .8rem; font-weight: 600; padding: .1rem .5rem; border: 1px solid currentColor; border-radius: 1rem; }
.ok { --tint: var(--ok); } .error { --tint: var(--error); } .denied { --tint: var(--denied); } .open { --tint: var(--soft); }
.model { --tint: var(--model); }
.reason { color: var(--tint, var(--soft)); }
dl { display: flex; flex-wrap: wrap; gap: .5rem 2rem; margin: 1rem 0; }
dt { color: var(--soft); font-size: .8rem; } dd { margin: 0; font-variant-numeric: tabular-nums; font-weight: 600; }
nav { margin: 1.5rem 0; padding: .75rem; background: var(--panel); border: 1px solid var(--line); border-radius: .5rem; }
.row { display: grid; grid-template-columns: minmax(8rem, 14rem) 1fr 5rem; gap: .75rem; align-items: center; padding: .1rem .25rem;
  color: inherit; text-decoration: none; font-size: .85rem; border-radius: .25rem; }
.row:hover, .row:focus-visible { background: var(--line); outline: none; }
.row span:first-child { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.ms { text-align: right; font-variant-numeric: tabular-nums; color: var(--soft); }
meter { appearance: none; display: block; width: 100%; height: .6rem; background: none; border: 0; }
meter::-webkit-meter-inner-element { display: block; }
meter::-webkit-meter-bar { background: none; border: 0; height: .6rem; }
meter::-webkit-meter-optimum-value { background: var(--tint); border-radius: .2rem; min-width: 2px; }
meter::-moz-meter-bar { background: var(--tint); border-radius: .2rem; }
ol { list-style: none; margin: 0; padding: 0; }
article { margin: .75rem 0; padding: .75rem 1rem; background: var(--panel); border: 1px solid var(--line);
  border-left: 4px solid var(--tint); border-radius: .5rem; }
pre { margin: .5rem 0; padding: .75rem; max-height: 24rem; overflow: auto; background: var(--ground); border: 1px solid var(--line);
  border-radius: .35rem; font: .8rem/1.5 ui-monospace, monospace; white-space: pre-wrap; overflow-wrap: anywhere; }
.answer { max-height: none; font-size: .9rem; }
summary { cursor: pointer; font-size: .9rem; color: var(--soft); }
@media (max-width: 30rem) { .row { grid-template-columns: 1fr 4.5rem; } .row meter { display: none; } }
@media print { pre { max-height: none; } }
`
