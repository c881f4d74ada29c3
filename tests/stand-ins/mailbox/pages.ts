import type { MailboxMessage } from "./message"

export const views = ["html", "text", "source"] as const
export type View = (typeof views)[number]

const viewNames: Record<View, string> = { html: "Mail", text: "Plain text", source: "Headers and source" }

/** The list, newest first. `all` tells which addresses there are to choose from. */
export function inboxPage(
  all: MailboxMessage[],
  shown: MailboxMessage[],
  to: string | undefined,
  page: number,
  pageSize: number,
): string {
  const newest = [...shown].reverse()
  const rows = newest.slice((page - 1) * pageSize, page * pageSize)
  const addresses = [...new Set(all.flatMap(m => m.to))].sort()
  const title = shown.length > 0 ? `Local mailbox (${shown.length})` : "Local mailbox"
  return frame(
    title,
    `<main data-live>
  <h1 class="hidden">Mails</h1>
  ${filter(addresses, to, all.length)}
  ${rows.length > 0 ? `<ol class="mails">${rows.map(row).join("")}</ol>` : empty(to)}
  ${all.length > 0 ? '<form class="foot" method="post" action="/clear"><button class="plain">Empty the mailbox</button></form>' : ""}
  ${pager(page, Math.ceil(newest.length / pageSize), to)}
</main>`,
    `<noscript><meta http-equiv="refresh" content="5"></noscript><script src="/mailbox.js" defer></script>`,
  )
}

export function messagePage(message: MailboxMessage, view: View): string {
  const tabs = views
    .map(
      v =>
        `<a href="/messages/${message.id}?view=${v}"${v === view ? ' aria-current="page"' : ""}>${viewNames[v]}</a>`,
    )
    .join("")
  return frame(
    message.subject || "No subject",
    `<main>
  <p class="back"><a href="/">← All mails</a></p>
  <h1>${safe(message.subject || "No subject")}</h1>
  <dl class="envelope">
    <dt>To</dt><dd>${message.to.map(to => `<a href="/?to=${encodeURIComponent(to)}">${safe(to)}</a>`).join(", ")}</dd>
    <dt>From</dt><dd>${safe(message.headers.from ?? message.from)}</dd>
    <dt>Arrived</dt><dd>${time(message.receivedAt)}</dd>
  </dl>
  ${shortcuts(message)}
  <nav class="tabs" aria-label="Views of this mail">${tabs}</nav>
  ${body(message, view)}
</main>`,
  )
}

export function missingPage(): string {
  return frame(
    "No such mail",
    `<main><div class="empty"><h1>No such mail</h1>
  <p>It may have gone when the mailbox was emptied or started again.</p><p><a href="/">See all mails</a></p></div></main>`,
  )
}

/** The mail as its reader would see it; its links leave the frame. */
export function mailDocument(message: MailboxMessage): string {
  const base = '<base target="_top"><meta name="referrer" content="no-referrer">'
  const [head] = /<head[^>]*>/i.exec(message.html) ?? []
  return head
    ? message.html.replace(head, () => head + base)
    : `<!doctype html><head>${base}</head>${message.html}`
}

function body(message: MailboxMessage, view: View): string {
  if (view === "source") {
    const headers = Object.entries(message.headers).map(
      ([name, value]) => `<tr><th scope="row">${safe(name)}</th><td>${safe(value)}</td></tr>`,
    )
    return `<div class="sheet scroll"><table class="headers"><caption class="hidden">Headers</caption>${headers.join("")}</table></div>
  <h2>Source</h2><pre class="sheet source" tabindex="0">${safe(message.raw)}</pre>`
  }
  if (view === "text" || !message.html) {
    return message.text
      ? `<pre class="sheet">${linkify(message.text)}</pre>`
      : '<p class="sheet quiet">This mail has no plain text part.</p>'
  }
  return `<iframe class="sheet letter" title="The mail" src="/messages/${message.id}/body"
    sandbox="allow-popups allow-popups-to-escape-sandbox allow-top-navigation-by-user-activation"></iframe>`
}

function shortcuts({ code, link }: MailboxMessage): string {
  if (!code && !link) return ""
  const parts = [
    link ? `<a class="button" href="${safe(link)}" rel="noreferrer">Open the link</a>` : "",
    code ? `<p class="code"><span>Code</span> <strong>${code.slice(0, 3)} ${code.slice(3)}</strong></p>` : "",
  ]
  return `<div class="shortcuts">${parts.join("")}</div>`
}

function filter(addresses: string[], to: string | undefined, total: number): string {
  if (total === 0) return ""
  const options = addresses.map(a => `<option value="${safe(a)}"></option>`).join("")
  return `<div class="bar">
    <form method="get" action="/" role="search">
      <label class="hidden" for="to">Show mail to</label>
      <input id="to" name="to" type="text" inputmode="email" list="addresses" autocomplete="off"
        placeholder="Mail to one address" value="${safe(to ?? "")}">
      <datalist id="addresses">${options}</datalist>
      <button>Show</button>
      ${to ? '<a class="plain" href="/">Show all</a>' : ""}
    </form>
  </div>`
}

function row(message: MailboxMessage): string {
  const preview = message.text
    .replace(/https?:\/\/\S+/g, " ")
    .replace(/\s+/g, " ")
    .trim()
    .slice(0, 140)
  return `<li><a href="/messages/${message.id}">
    <span class="to">${safe(message.to.join(", "))}</span>
    ${time(message.receivedAt)}
    <span class="subject">${safe(message.subject || "No subject")}</span>
    <span class="preview">${safe(preview)}</span>
  </a></li>`
}

function empty(to: string | undefined): string {
  return to
    ? `<div class="empty"><h2>Nothing for ${safe(to)} yet</h2><p>It appears here as soon as it arrives.</p></div>`
    : `<div class="empty"><h2>No mail yet</h2>
    <p>Ask for a sign-in link, buy a plan or invite somebody: the mail appears here within a second or two.</p></div>`
}

function pager(page: number, pages: number, to: string | undefined): string {
  if (pages < 2) return ""
  const link = (number: number, words: string) =>
    number < 1 || number > pages
      ? "<span></span>"
      : `<a href="/?${new URLSearchParams({ ...(to ? { to } : {}), page: String(number) })}">${words}</a>`
  return `<nav class="pager" aria-label="Pages">${link(page - 1, "Newer")}<span>Page ${page} of ${pages}</span>${link(page + 1, "Older")}</nav>`
}

function time(at: Date): string {
  const today = at.toDateString() === new Date().toDateString()
  const clock = at.toLocaleTimeString("en-GB")
  const day = at.toLocaleDateString("en-GB", { day: "numeric", month: "short" })
  return `<time datetime="${at.toISOString()}" title="${at.toUTCString()}">${today ? clock : `${day}, ${clock}`}</time>`
}

function linkify(text: string): string {
  return safe(text).replace(
    /https?:\/\/[^\s<>]+?(?=[.,;:!?)\]]*(?:\s|$|&gt;|&quot;))/g,
    url => `<a href="${url}" rel="noreferrer">${url}</a>`,
  )
}

function safe(value: string): string {
  return value.replace(/[&<>"']/g, character => entities[character] ?? character)
}

const entities: Record<string, string> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
}

const icon =
  "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 24 24'%3E%3Crect x='2' y='5' width='20' height='14' rx='3' fill='%23b45309'/%3E%3Cpath d='m4 8 8 6 8-6' fill='none' stroke='white' stroke-width='2' stroke-linecap='round' stroke-linejoin='round'/%3E%3C/svg%3E"

function frame(title: string, main: string, head = ""): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${safe(title)}</title>
<link rel="icon" href="${icon}">
<link rel="stylesheet" href="/mailbox.css">
${head}
</head>
<body>
<header>
  <svg viewBox="0 0 24 24" width="28" height="28" aria-hidden="true"><rect x="2" y="5" width="20" height="14" rx="3"/><path d="m4 8 8 6 8-6"/></svg>
  <p><a href="/">Local mailbox</a><span>Mail sent by the demo lands here. Nothing leaves this machine.</span></p>
</header>
${main}
</body>
</html>`
}
