/** How the page looks: light and dark, on a phone and on paper. Fonts are those that a machine has. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --page: #f6f7f9; --card: #fff; --ink: #1b1f24; --soft: #57606a; --line: #d8dee4; --code: #f0f2f5;
  --bad: #b3261e; --bad-soft: #fdecea; --doubtful: #8a5300; --doubtful-soft: #fff4df;
  --good: #1e6b2f; --good-soft: #e7f5ea; --soon: #0b5c8f; --soon-soft: #e5f2fb; --note: #57606a; --note-soft: #eef0f3;
  --focus: #0a66c2;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #0e1116; --card: #171b22; --ink: #e6e9ee; --soft: #a3acb8; --line: #2d343e; --code: #0e1116;
    --bad: #ff9a90; --bad-soft: #3a1714; --doubtful: #f5bf5f; --doubtful-soft: #372809;
    --good: #86d897; --good-soft: #10301a; --soon: #84c5f4; --soon-soft: #0c2a40; --note: #a3acb8; --note-soft: #222831;
    --focus: #79b8ff;
  }
}
* { box-sizing: border-box; }
[hidden] { display: none !important; }
body { margin: 0; background: var(--page); color: var(--ink); font: 16px/1.5 system-ui, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; }
header, main, footer { max-width: 68rem; margin: 0 auto; padding: 0 1.25rem; }
h1, h2, h3, p, ul { margin: 0; }
h1, h2, h3, p, li, td, code, option { overflow-wrap: anywhere; }
h1 { font-size: clamp(1.75rem, 5vw, 2.75rem); line-height: 1.15; letter-spacing: -0.02em; }
h2 { font-size: 1.25rem; margin: 2.5rem 0 0.75rem; }
h3 { font-size: 1.05rem; line-height: 1.4; font-weight: 600; }
header { padding-top: 2rem; padding-bottom: 1.25rem; }
header.bad h1 { color: var(--bad); } header.doubtful h1 { color: var(--doubtful); } header.good h1 { color: var(--good); }
.brand { color: var(--ink); font-weight: 700; margin-bottom: 0.75rem; }
.brand span { color: var(--soft); font-weight: 400; margin-left: 0.5rem; }
.tiles { list-style: none; padding: 0; display: grid; gap: 0.75rem; grid-template-columns: repeat(5, 1fr); }
.tiles li { background: var(--card); border: 1px solid var(--line); border-top: 3px solid var(--tone); border-radius: 0.5rem; padding: 0.75rem 0.9rem; color: var(--soft); line-height: 1.35; }
.tiles strong { display: block; font-size: 1.75rem; line-height: 1.2; color: var(--tone); font-variant-numeric: tabular-nums; }
.error { --tone: var(--bad); --tint: var(--bad-soft); } .warning { --tone: var(--doubtful); --tint: var(--doubtful-soft); }
.expiring { --tone: var(--soon); --tint: var(--soon-soft); } .note { --tone: var(--note); --tint: var(--note-soft); }
.none { --tone: var(--soft); }
.card { background: var(--card); border: 1px solid var(--line); border-left: 4px solid var(--tone); border-radius: 0.5rem; padding: 0.9rem 1.1rem; margin-bottom: 0.75rem; }
.meta { display: flex; flex-wrap: wrap; gap: 0.25rem 0.75rem; align-items: baseline; margin-bottom: 0.35rem; font-size: 0.9rem; color: var(--soft); }
.badge { background: var(--tint); color: var(--tone); border-radius: 1rem; padding: 0.05rem 0.65rem; font-weight: 600; white-space: nowrap; }
.where { font-weight: 600; color: var(--ink); }
.code { margin-left: auto; }
a { color: var(--focus); }
.workloads { color: var(--soft); }
.advice { margin-top: 0.5rem; }
.command { display: flex; gap: 0.5rem; align-items: flex-start; margin-top: 0.5rem; }
pre { margin: 0; flex: 1; min-width: 0; background: var(--code); border: 1px solid var(--line); border-radius: 0.4rem; padding: 0.5rem 0.75rem; white-space: pre-wrap; }
code { font: 0.875rem/1.5 ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; }
button, select, input { font: inherit; color: var(--ink); background: var(--card); border: 1px solid var(--soft); border-radius: 0.4rem; padding: 0.35rem 0.75rem; }
button { cursor: pointer; }
button:hover { background: var(--code); }
.copy { min-width: 6rem; }
:focus-visible { outline: 3px solid var(--focus); outline-offset: 2px; }
#filters { position: sticky; top: 0; z-index: 1; background: var(--page); display: flex; flex-wrap: wrap; gap: 0.5rem 1rem; align-items: center; padding: 0.75rem 0; margin-top: 2rem; border-bottom: 1px solid var(--line); }
#filters label { display: flex; gap: 0.5rem; align-items: center; color: var(--soft); }
#filters select { max-width: 14rem; }
#shown { color: var(--soft); margin-left: auto; }
table { width: 100%; border-collapse: collapse; background: var(--card); border: 1px solid var(--line); font-size: 0.95rem; }
th, td { text-align: left; vertical-align: top; padding: 0.45rem 0.75rem; border-bottom: 1px solid var(--line); }
th { color: var(--soft); font-weight: 600; white-space: nowrap; }
td[data-label="Expires"] { white-space: nowrap; }
tr.error td[data-label="Expires"], tr.warning td[data-label="Expires"] { color: var(--tone); font-weight: 600; }
.after { color: var(--soft); margin-top: 0.75rem; }
#downloads { margin-top: 1rem; display: flex; flex-wrap: wrap; gap: 0.5rem; }
.prose ul { padding-left: 1.2rem; }
.prose li + li, .prose p + p { margin-top: 0.4rem; }
footer { color: var(--soft); padding-bottom: 3rem; }
footer h2 { color: var(--ink); }
@media (max-width: 60rem) { .tiles { grid-template-columns: repeat(auto-fit, minmax(9.5rem, 1fr)); } }
@media (max-width: 40rem) {
  .code { margin-left: 0; }
  .tiles { grid-template-columns: 1fr 1fr; } .tiles li:first-child { grid-column: span 2; }
  .command { flex-direction: column; } .command pre { width: 100%; }
  .copy { width: 100%; }
  #filters { position: static; } #filters label { width: 100%; justify-content: space-between; } #filters select, #filters input { width: 65%; max-width: none; }
  thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  tr { display: block; padding: 0.5rem 0; border-bottom: 1px solid var(--line); }
  td { display: flex; gap: 0.75rem; border: 0; padding: 0.15rem 0.75rem; }
  td::before { content: attr(data-label); flex: 0 0 6.5rem; color: var(--soft); }
}
@media print {
  :root { --page: #fff; --card: #fff; --ink: #000; --soft: #444; --line: #bbb; --code: #fff; --bad: #8b0000; --doubtful: #6b4200; --good: #0b4d1b; --soon: #083f63; --note: #444; --bad-soft: #fff; --doubtful-soft: #fff; --good-soft: #fff; --soon-soft: #fff; --note-soft: #fff; }
  body { font-size: 10pt; }
  #filters, #downloads, .copy { display: none !important; }
  .card, tr, .tiles li { break-inside: avoid; }
  h2, h3 { break-after: avoid; }
  .tiles { grid-template-columns: repeat(5, 1fr); }
  .badge { border: 1px solid currentColor; }
  a { color: inherit; text-decoration: none; }
}
`
