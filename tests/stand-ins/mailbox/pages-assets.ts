/** Stone greys and one amber accent, in a light and a dark value each. */
export const stylesheet = `
:root {
  color-scheme: light dark;
  --paper: light-dark(#f6f5f2, #171614);
  --surface: light-dark(#ffffff, #201f1c);
  --line: light-dark(#dedbd4, #38352f);
  --ink: light-dark(#24221f, #ece9e3);
  --soft: light-dark(#66615a, #a8a299);
  --lamp: light-dark(#9a4a06, #f3b65a);
  --on-lamp: light-dark(#ffffff, #241a08);
  font: 16px/1.5 "Inter Variable", Inter, system-ui, sans-serif;
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); }
a { color: var(--lamp); text-underline-offset: 2px; }
:focus-visible { outline: 2px solid var(--lamp); outline-offset: 2px; border-radius: 4px; }
header, main { max-width: 56rem; margin: 0 auto; padding: 0 20px; }
header { display: flex; align-items: center; gap: 12px; padding-top: 24px; padding-bottom: 20px; }
header p { margin: 0; line-height: 1.35; }
header a { display: block; color: inherit; font-weight: 600; text-decoration: none; width: fit-content; }
header span { color: var(--soft); font-size: 14px; }
header svg { flex: none; }
header rect { fill: var(--lamp); }
header path { fill: none; stroke: var(--on-lamp); stroke-width: 1.8; stroke-linecap: round; stroke-linejoin: round; }
main { padding-bottom: 48px; }
h1 { font-size: 28px; line-height: 1.25; margin: 0 0 16px; overflow-wrap: anywhere; }
h2 { font-size: 16px; margin: 24px 0 8px; }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.quiet { color: var(--soft); }

.bar { margin-bottom: 16px; }
.bar form { display: flex; gap: 8px; align-items: center; min-width: 0; }
input, button { font: inherit; font-size: 14px; color: inherit; min-height: 40px; border-radius: 8px; border: 1px solid var(--line); background: var(--surface); padding: 0 12px; }
input { flex: 1; min-width: 0; max-width: 20rem; }
::placeholder { color: var(--soft); opacity: 1; }
button { cursor: pointer; }
button:hover { border-color: var(--soft); }
.plain { border-color: transparent; background: none; color: var(--soft); font-size: 14px; padding: 0 8px; }

.mails { list-style: none; margin: 0; padding: 0; background: var(--surface); border: 1px solid var(--line); border-radius: 8px; overflow: hidden; }
.mails li + li { border-top: 1px solid var(--line); }
.mails a { display: grid; grid-template-columns: 15rem minmax(0, 1fr) auto; column-gap: 16px; align-items: baseline; padding: 12px 16px; color: inherit; text-decoration: none; }
.mails a:hover { background: color-mix(in oklab, var(--lamp) 7%, var(--surface)); }
.mails a:focus-visible { outline-offset: -2px; border-radius: 8px; }
.mails span { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.to { color: var(--soft); font-size: 14px; }
.subject { grid-column: 2; grid-row: 1; font-weight: 600; }
.preview { grid-column: 2 / -1; color: var(--soft); font-size: 14px; }
.mails time { grid-column: 3; grid-row: 1; }
time { color: var(--soft); font-size: 14px; font-variant-numeric: tabular-nums; white-space: nowrap; }
.foot { margin-top: 12px; }
.foot .plain { padding: 0; text-decoration: underline; text-underline-offset: 2px; }
.pager { display: grid; grid-template-columns: 1fr auto 1fr; margin-top: 16px; font-size: 14px; color: var(--soft); }
.pager > :last-child { text-align: right; }
.empty { text-align: center; padding: 72px 20px; border: 1px dashed var(--line); border-radius: 8px; }
.empty h1, .empty h2 { font-size: 20px; margin: 0 0 8px; overflow-wrap: anywhere; }
.empty p { margin: 8px auto 0; max-width: 30rem; color: var(--soft); }

.back { margin: 0 0 12px; font-size: 14px; }
.envelope { display: grid; grid-template-columns: auto minmax(0, 1fr); gap: 4px 16px; margin: 0 0 20px; font-size: 14px; }
.envelope dt { color: var(--soft); }
.envelope dd { margin: 0; overflow-wrap: anywhere; }
.shortcuts { display: flex; flex-wrap: wrap; gap: 12px 24px; align-items: center; margin: 0 0 24px; }
.button { display: inline-flex; align-items: center; min-height: 40px; padding: 0 16px; border-radius: 8px; background: var(--lamp); color: var(--on-lamp); font-weight: 600; text-decoration: none; }
.code { margin: 0; color: var(--soft); font-size: 14px; }
.code strong { color: var(--ink); font-size: 20px; letter-spacing: .08em; font-variant-numeric: tabular-nums; margin-left: 8px; user-select: all; }
.tabs { display: flex; flex-wrap: wrap; gap: 4px 20px; border-bottom: 1px solid var(--line); margin-bottom: 16px; font-size: 14px; }
.tabs a { padding: 10px 0; color: var(--soft); text-decoration: none; border-bottom: 2px solid transparent; margin-bottom: -1px; }
.tabs a[aria-current] { color: var(--ink); font-weight: 600; border-color: var(--lamp); }
.sheet { display: block; width: 100%; margin: 0; background: var(--surface); border: 1px solid var(--line); border-radius: 8px; padding: 20px; }
.letter { padding: 0; height: max(28rem, calc(100dvh - 22rem)); background: #fff; color-scheme: light; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; font: 14px/1.6 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
.source { max-height: 60vh; overflow: auto; font-size: 13px; }
.scroll { overflow-x: auto; padding: 8px 16px; }
.headers { border-collapse: collapse; font-size: 13px; width: 100%; }
.headers th { text-align: left; font-weight: 400; color: var(--soft); white-space: nowrap; vertical-align: top; padding: 4px 16px 4px 0; }
.headers td { overflow-wrap: anywhere; padding: 4px 0; }

@media (max-width: 40rem) {
  header, main { padding-left: 16px; padding-right: 16px; }
  h1 { font-size: 20px; }
  .mails a { grid-template-columns: minmax(0, 1fr) auto; row-gap: 2px; }
  .to { grid-column: 1; }
  .mails time { grid-column: 2; }
  .subject { grid-column: 1 / -1; grid-row: 2; }
  .preview { grid-column: 1 / -1; }
  .headers tr { display: grid; padding: 4px 0; }
  .headers th, .headers td { padding: 0; }
}
`

/** Looks for new mail every two seconds and swaps the list; somebody typing or tabbing through it is left alone. */
export const script = `
const look = async () => {
  if (document.hidden) return
  const live = document.querySelector("[data-live]")
  if (live.contains(document.activeElement)) return
  const response = await fetch(location.href).catch(() => undefined)
  if (!response?.ok) return
  const next = new DOMParser().parseFromString(await response.text(), "text/html")
  const fresh = next.querySelector("[data-live]")
  if (fresh.innerHTML === live.innerHTML || live.contains(document.activeElement)) return
  live.innerHTML = fresh.innerHTML
  document.title = next.title
}
setInterval(look, 2000)
addEventListener("visibilitychange", look)
`
