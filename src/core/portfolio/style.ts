/** The style of the page, embedded because the page is a single file; the page's policy contains its hash. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --paper: light-dark(#fbfaf7, #16181b);
  --raised: light-dark(#ffffff, #1e2125);
  --ink: light-dark(#1d2125, #e6e7e9);
  --quiet: light-dark(#59606a, #a3a9b2);
  --line: light-dark(#e2dfd8, #33373d);
  --accent: light-dark(#17604f, #7fd1b9);
  --accent-soft: light-dark(#e3f0ec, #20362f);
  --before: light-dark(#9aa3ad, #6d757f);
}
* { box-sizing: border-box; }
body {
  margin: 0 auto;
  padding: 3rem 1.25rem 4rem;
  max-width: 50rem;
  background: var(--paper);
  color: var(--ink);
  font: 1.0625rem/1.6 ui-sans-serif, system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
  overflow-wrap: anywhere;
}
h1, h2, h3, p, ul { margin: 0; }
ul { padding: 0; list-style: none; }
h1 { font-size: 2.25rem; line-height: 1.2; letter-spacing: -0.02em; text-wrap: balance; }
h2 { padding-bottom: 0.35rem; border-bottom: 2px solid var(--ink); font-size: 1.25rem; }
h3 { font-size: 1.125rem; }
a { color: var(--accent); text-underline-offset: 0.15em; }
a:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 2px; }
code { font: 0.9em ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, monospace; overflow-wrap: anywhere; }
header p { margin-top: 0.9rem; max-width: 38rem; }
nav ul { display: flex; flex-wrap: wrap; gap: 0.25rem 1.25rem; margin-top: 1.25rem; }
nav a { display: inline-block; padding: 0.25rem 0; }
section { margin-top: 2.75rem; scroll-margin-top: 1rem; }
.group { margin-top: 1.5rem; }
.head { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 0 1rem; align-items: baseline; }
.quiet { color: var(--quiet); }
.items > li { padding: 0.85rem 0; border-bottom: 1px solid var(--line); }
.items > li:last-child { border-bottom: 0; }
.lead { font-weight: 600; }
.items .lead { font-size: 1.125rem; }
.rows { margin-top: 0.5rem; }
.rows > li { display: grid; grid-template-columns: 11rem minmax(0, 1fr); gap: 0 1.5rem; padding: 0.55rem 0; border-top: 1px solid var(--line); font-size: 0.9688rem; }
.badge {
  display: inline-block;
  padding: 0 0.5rem;
  border: 1px solid var(--line);
  border-radius: 1rem;
  background: var(--raised);
  color: var(--quiet);
  font-size: 0.8125rem;
  font-weight: 400;
  white-space: nowrap;
}
.foot { display: flex; flex-wrap: wrap; gap: 0 1rem; color: var(--quiet); font-size: 0.9375rem; }
.links { display: inline-flex; flex-wrap: wrap; gap: 0 1rem; font-size: 0.9375rem; font-weight: 400; }
.links a { overflow-wrap: anywhere; }
.note { margin-top: 0.75rem; color: var(--quiet); }
.waived { color: var(--quiet); }
.waived .lead { font-weight: 400; }
.chart { display: block; width: 100%; max-width: 26rem; height: auto; margin: 0.5rem 0; }
.chart text { fill: var(--ink); font-size: 13px; font-variant-numeric: tabular-nums; }
.track { fill: var(--line); }
.before { fill: var(--before); }
.after { fill: var(--accent); }
footer { margin-top: 3.5rem; padding-top: 1rem; border-top: 1px solid var(--line); color: var(--quiet); font-size: 0.9375rem; }
.skip { position: absolute; left: -100vw; }
.skip:focus { position: static; }
@media (max-width: 38rem) {
  body { padding-top: 1.75rem; font-size: 1rem; }
  h1 { font-size: 1.75rem; }
  .rows > li { grid-template-columns: minmax(0, 1fr); }
}
@media print {
  :root { color-scheme: light; --paper: #fff; --raised: #fff; }
  body { padding: 0; max-width: none; font-size: 10.5pt; }
  nav, .skip { display: none; }
  section { margin-top: 1.5rem; }
  h2, h3, .lead { break-after: avoid; }
  .items > li { break-inside: avoid; }
  .track, .before, .after { print-color-adjust: exact; }
}
`
