/** One stylesheet for all pages: neutral greys, one indigo accent, light and dark. */
export const stylesheet = `
:root {
  color-scheme: light dark;
  --paper: light-dark(#f6f7f9, #14161b);
  --surface: light-dark(#ffffff, #1d2027);
  --line: light-dark(#dfe2e8, #343945);
  --ink: light-dark(#1d2230, #e9ebf0);
  --soft: light-dark(#5b6375, #a3abbc);
  --accent: light-dark(#4f46c8, #a7a1ff);
  --on-accent: light-dark(#ffffff, #17132f);
  --good: light-dark(#17693a, #7fd6a2);
  --warn: light-dark(#8a5200, #f0c070);
  --bad: light-dark(#b3261e, #ff9d94);
  font: 16px/1.5 "Inter Variable", Inter, system-ui, -apple-system, "Segoe UI", sans-serif;
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); }
a { color: var(--accent); text-underline-offset: 3px; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 6px; }
h1 { font-size: 24px; line-height: 1.25; margin: 0 0 16px; overflow-wrap: anywhere; }
h2 { font-size: 16px; margin: 28px 0 10px; }
p { margin: 0 0 12px; }
small, .soft { color: var(--soft); font-size: 14px; }
time, .figure { font-variant-numeric: tabular-nums; }
code, pre { font: 13px/1.6 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; overflow-wrap: anywhere; }
pre { margin: 0; white-space: pre-wrap; }
.mark { background: light-dark(#fff3d6, #3a2d10); color: light-dark(#6b4500, #f6d48f); text-align: center; font-size: 13px; padding: 6px 16px; }
.wrap { max-width: 64rem; margin: 0 auto; padding: 0 20px 56px; }

button, .button { display: inline-flex; align-items: center; justify-content: center; min-height: 40px; padding: 0 14px; border-radius: 8px; border: 1px solid var(--line); background: var(--surface); color: var(--ink); font: inherit; font-size: 14px; font-weight: 500; text-decoration: none; cursor: pointer; }
button:hover, .button:hover { border-color: var(--soft); }
button.main, .button.main { background: var(--accent); border-color: var(--accent); color: var(--on-accent); font-weight: 600; }
button.main:hover { filter: brightness(1.08); }
button.danger { color: var(--bad); }
button.wide { width: 100%; min-height: 46px; font-size: 16px; }
.row { display: flex; flex-wrap: wrap; gap: 8px; align-items: center; }
.row form { margin: 0; }
form { margin: 0; }
label { display: block; font-size: 14px; font-weight: 500; margin: 0 0 4px; }
input, select { width: 100%; min-height: 42px; padding: 0 12px; border-radius: 8px; border: 1px solid var(--line); background: var(--surface); color: var(--ink); font: inherit; }
input[type=checkbox] { width: 18px; min-height: 18px; }
.field { margin-bottom: 14px; }
.inline { display: flex; gap: 8px; }
.inline input, .inline select { flex: 1; min-width: 0; }
.card { background: var(--surface); border: 1px solid var(--line); border-radius: 12px; padding: 20px; margin-bottom: 16px; }
.card > h2:first-of-type, .pay h2:first-of-type { margin-top: 0; }
.notice { border: 1px solid currentColor; border-radius: 8px; padding: 10px 14px; margin: 0 0 16px; font-size: 15px; }
.notice.plain { border-color: var(--line); }
.notice.good { color: var(--good); } .notice.bad { color: var(--bad); }
.badge { display: inline-block; font-size: 12.5px; font-weight: 600; line-height: 1; padding: 5px 8px; border-radius: 6px; border: 1px solid currentColor; white-space: nowrap; color: var(--soft); }
.badge.good { color: var(--good); } .badge.warn { color: var(--warn); } .badge.bad { color: var(--bad); }

.pay { display: grid; grid-template-columns: 1fr 1fr; min-height: calc(100vh - 32px); }
.pay > section { padding: 48px 40px; display: flex; flex-direction: column; align-items: flex-end; }
.pay > section > div { width: 100%; max-width: 26rem; }
.pay > section + section { background: var(--surface); border-left: 1px solid var(--line); align-items: flex-start; }
.shop { display: flex; align-items: center; gap: 10px; font-weight: 600; margin-bottom: 28px; }
.shop a { color: var(--soft); text-decoration: none; font-size: 20px; line-height: 1; padding: 6px; margin-left: -6px; }
.shop span { display: grid; place-items: center; width: 28px; height: 28px; border-radius: 8px; background: var(--ink); color: var(--paper); font-size: 14px; }
.total { font-size: 40px; font-weight: 650; letter-spacing: -.02em; line-height: 1.1; margin: 4px 0 4px; }
.total small { font-size: 15px; letter-spacing: 0; font-weight: 400; margin-left: 8px; }
.sum { list-style: none; margin: 28px 0 0; padding: 0; }
.sum + form { margin-top: 20px; }
.sum.first { margin-top: 0; }
.gap { margin-top: 20px; }
.total.smaller { font-size: 26px; }
.sum li { display: flex; justify-content: space-between; gap: 16px; padding: 10px 0; }
.sum li + li { border-top: 1px solid var(--line); }
.sum li.strong { font-weight: 600; }
.sum small { display: block; }
.testcard { display: flex; justify-content: space-between; border: 1px solid var(--line); border-radius: 8px; padding: 10px 12px; margin-bottom: 14px; background: var(--paper); font-variant-numeric: tabular-nums; }
.or { display: grid; grid-template-columns: 1fr 1fr; gap: 8px; margin-top: 10px; }
.legal { margin-top: 24px; font-size: 13px; color: var(--soft); }

.top { display: flex; flex-wrap: wrap; align-items: center; gap: 8px 24px; padding: 16px 0; border-bottom: 1px solid var(--line); margin-bottom: 24px; }
.top strong { margin-right: auto; }
.top nav { display: flex; flex-wrap: wrap; gap: 4px 18px; font-size: 15px; }
.top nav a { color: var(--soft); text-decoration: none; padding: 6px 0; border-bottom: 2px solid transparent; }
.top nav a[aria-current] { color: var(--ink); border-color: var(--accent); }
.clock { display: flex; flex-wrap: wrap; gap: 8px 12px; align-items: center; margin-bottom: 20px; }
.clock span { margin-right: auto; }
.clock .aside { display: block; color: var(--soft); }

table { width: 100%; border-collapse: collapse; font-size: 14.5px; }
th { text-align: left; font-weight: 500; color: var(--soft); font-size: 13px; padding: 8px 12px 8px 0; }
td { padding: 10px 12px 10px 0; border-top: 1px solid var(--line); vertical-align: top; overflow-wrap: anywhere; }
td:last-child, th:last-child { padding-right: 0; }
.right { text-align: right; }
dl { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: 6px 20px; margin: 0; font-size: 14.5px; }
dt { color: var(--soft); } dd { margin: 0; overflow-wrap: anywhere; }
.plans { display: grid; gap: 12px; }
.plan { display: flex; flex-wrap: wrap; gap: 8px 16px; align-items: center; }
.plan div { margin-right: auto; }
.plans .card { margin: 0; }
.plans + p { margin-top: 16px; }
.empty { text-align: center; padding: 48px 16px; color: var(--soft); }
.empty h1, .empty h2 { color: var(--ink); }
.columns { display: grid; grid-template-columns: repeat(auto-fit, minmax(17rem, 1fr)); gap: 16px; align-items: start; }
.columns .card { margin: 0; }

@media (max-width: 52rem) {
  .pay { grid-template-columns: 1fr; }
  .pay > section { align-items: center; padding: 28px 20px; }
  .total small { display: block; margin: 6px 0 0; line-height: 1.35; }
  .pay > section + section { border-left: 0; border-top: 1px solid var(--line); align-items: center; }
  .shop { margin-bottom: 16px; }
  .sum { margin-top: 16px; }
}
@media (max-width: 40rem) {
  .stack thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  .stack tr { display: block; border-top: 1px solid var(--line); padding: 10px 0; }
  .stack td { display: flex; flex-wrap: wrap; justify-content: flex-end; align-items: baseline; gap: 4px 8px; border: 0; padding: 3px 0; text-align: right; }
  .stack td::before { content: attr(data-name); color: var(--soft); font-size: 13px; margin-right: auto; }
  .stack td:not([data-name])::before { content: none; }
  dl { grid-template-columns: 1fr; gap: 0; } dd { margin-bottom: 8px; }
}
`
