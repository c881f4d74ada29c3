import type { ServerResponse } from "node:http"
import type { Person } from "./people"

/** Asks whoever came which of the provider's people they are. */
export function accountPage(res: ServerResponse, title: string, people: Person[]): void {
  const buttons = people.map(({ sub, name, email }) => {
    const label = [name, email].filter(Boolean).join(", ") || sub
    return `<button name="account" value="${escaped(sub)}">${escaped(label)}</button>`
  })
  page(
    res,
    title,
    `<p>This stands in for a real provider. Who are you?</p>
     <form method="post">${buttons.join("")}<button name="account" value="" class="quiet">Go back</button></form>`,
  )
}

/** Leads on to one of several places. */
export function choicePage(res: ServerResponse, title: string, ways: { label: string; to: string }[]): void {
  const links = ways.map(({ label, to }) => `<a href="${escaped(to)}">${escaped(label)}</a>`)
  page(res, title, `<p>Where does your account belong?</p><nav>${links.join("")}</nav>`)
}

function page(res: ServerResponse, title: string, body: string): void {
  res.writeHead(200, { "Content-Type": "text/html; charset=utf-8", "Cache-Control": "no-store" })
  res.end(`<!DOCTYPE html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${escaped(title)}</title><style>${look}</style><main><h1>${escaped(title)}</h1>${body}</main></html>`)
}

const look = `
  :root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif }
  main { max-width: 24rem; margin: 12vh auto; padding: 0 1rem }
  h1 { font-size: 1.25rem }
  button, nav a { display: block; width: 100%; box-sizing: border-box; margin: .5rem 0; padding: .75rem; font: inherit; text-align: left;
    color: inherit; background: Canvas; border: 1px solid GrayText; border-radius: .5rem; text-decoration: none; cursor: pointer }
  .quiet { border-color: transparent }`

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, sign => `&#${sign.charCodeAt(0)};`)
}
