import { type Html, html } from "./html"

/** What a page's address answers. */
export type PageAnswer =
  | { page: Html; status?: number }
  | { redirect: string }
  | { bytes: Buffer | string; type: string; name?: string }

/** A whole document, plainly marked as what it is. */
export function documentOf(title: string, body: Html): Html {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${title} – Local Stripe</title>
<link rel="stylesheet" href="/style.css">
<link rel="icon" href="data:,">
</head>
<body>
<aside class="mark" aria-label="About this page">Local Stripe – no real money. Nothing here leaves this machine.</aside>
${body}
</body>
</html>`
}

/** A short page that says one thing. */
export function messagePage(
  title: string,
  text: string,
  link: { href: string; text: string } | null,
): PageAnswer {
  const body = html`<main class="wrap"><div class="empty"><h1>${title}</h1><p>${text}</p>
${link && html`<p><a class="button" href="${link.href}">${link.text}</a></p>`}</div></main>`
  return { page: documentOf(title, body) }
}

/** A form that is one button. */
export function button(action: string, text: string, fields: Record<string, string> = {}, look = ""): Html {
  const hidden = Object.entries(fields).map(
    ([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`,
  )
  return html`<form method="post" action="${action}">${hidden}<button class="${look}">${text}</button></form>`
}

export function notice(text: string | null, kind: "good" | "bad"): Html | null {
  return text === null
    ? null
    : html`<p class="notice ${kind}" role="${kind === "bad" ? "alert" : "status"}">${text}</p>`
}
