import type { IncomingMessage, ServerResponse } from "node:http"
import { catchUp } from "../billing/due"
import type { Context } from "../control/context"
import { decodeForm, type FormMap } from "../form-encoding"
import { showCheckout, submitCheckout, submitPromotion } from "./checkout-page"
import { actAtDesk } from "./desk-acts"
import { showCheckouts } from "./desk-checkouts"
import { showConditions } from "./desk-conditions"
import { showCustomer, showCustomers } from "./desk-customers"
import { showEvent, showEvents } from "./desk-events"
import type { Flash } from "./desk-layout"
import { invoicePdf, payInvoice, showInvoice } from "./invoice-page"
import { messagePage, type PageAnswer } from "./layout"
import { actInPortal } from "./portal-acts"
import { showPortal } from "./portal-page"
import { stylesheet } from "./styles"

export interface PageRequest {
  path: string
  query: string
  body: string
}

interface Visit {
  context: Context
  /** What the address names, in its order. */
  names: [string, string]
  query: URLSearchParams
  form: FormMap
  flash: Flash | null
}

type Answer = (visit: Visit) => PageAnswer | Promise<PageAnswer>

const PAGES: Array<[method: string, path: RegExp, answer: Answer]> = [
  ["GET", /^\/style\.css$/, () => ({ bytes: stylesheet, type: "text/css" })],
  ["GET", /^\/c\/pay\/([^/]+)$/, ({ context, names }) => showCheckout(context, names[0])],
  ["POST", /^\/c\/pay\/([^/]+)$/, ({ context, names, form }) => submitCheckout(context, names[0], form)],
  [
    "POST",
    /^\/c\/pay\/([^/]+)\/promotion$/,
    ({ context, names, form }) => submitPromotion(context, names[0], form),
  ],
  ["GET", /^\/p\/session\/([^/]+)$/, ({ context, names, query }) => showPortal(context, names[0], query)],
  [
    "POST",
    /^\/p\/session\/([^/]+)\/(\w+)$/,
    ({ context, names, form }) => actInPortal(context, names[0], names[1], form),
  ],
  ["GET", /^\/i\/([^/]+)$/, ({ context, names }) => showInvoice(context, names[0])],
  ["GET", /^\/i\/([^/]+)\/pdf$/, ({ context, names }) => invoicePdf(context, names[0])],
  ["POST", /^\/i\/([^/]+)\/pay$/, ({ context, names, form }) => payInvoice(context, names[0], form)],
  ["GET", /^\/$/, ({ context, flash }) => showCustomers(context, flash)],
  ["GET", /^\/customers\/([^/]+)$/, ({ context, names, flash }) => showCustomer(context, names[0], flash)],
  ["GET", /^\/checkouts$/, ({ context, flash }) => showCheckouts(context, flash)],
  ["GET", /^\/events$/, ({ context, query, flash }) => showEvents(context, query, flash)],
  ["GET", /^\/events\/([^/]+)$/, ({ context, names, flash }) => showEvent(context, names[0], flash)],
  ["GET", /^\/conditions$/, ({ context, flash }) => showConditions(context, flash)],
]

const DESK = /^\/desk\/([\w-]+)$/

// What the last form of the desk came to, for the page that follows it.
const flashes = new WeakMap<Context, Flash>()

/** Answers the pages for people: checkout, portal, invoice and the control desk. */
export async function answerPage(
  context: Context,
  request: IncomingMessage,
  response: ServerResponse,
  page: PageRequest,
): Promise<void> {
  catchUp(context.ledger)
  const method = request.method === "HEAD" ? "GET" : (request.method ?? "GET")
  const form = decodeForm(page.body)
  const act = method === "POST" ? DESK.exec(page.path)?.[1] : undefined
  if (act !== undefined) {
    flashes.set(context, await actAtDesk(context, act, form))
    context.commit()
    send(response, { redirect: localPath(form.back) })
    return
  }
  for (const [allowed, path, answer] of PAGES) {
    const match = allowed === method ? path.exec(page.path) : null
    if (!match) continue
    const flash = flashes.get(context) ?? null
    // The stylesheet is fetched by each page; only a page may show and forget the message.
    if (!page.path.endsWith(".css")) flashes.delete(context)
    const names: [string, string] = [match[1] ?? "", match[2] ?? ""]
    const visit = { context, names, query: new URLSearchParams(page.query), form, flash }
    const answered = await answer(visit)
    if (method === "POST") context.commit()
    send(response, answered)
    return
  }
  send(response, {
    ...messagePage("Page not found", "There is nothing at this address.", {
      href: "/",
      text: "Control desk",
    }),
    status: 404,
  })
}

function localPath(back: FormMap[string] | undefined): string {
  return typeof back === "string" && /^\/(?![/\\])/.test(back) ? back : "/"
}

function send(response: ServerResponse, answer: PageAnswer): void {
  response.setHeader("cache-control", "no-store")
  response.setHeader(
    "content-security-policy",
    "default-src 'none'; style-src 'self'; img-src data:; frame-ancestors 'none'; base-uri 'none'",
  )
  if ("redirect" in answer) {
    response.writeHead(303, { location: answer.redirect }).end()
  } else if ("bytes" in answer) {
    if (answer.name !== undefined)
      response.setHeader("content-disposition", `attachment; filename="${answer.name}"`)
    response.writeHead(200, { "content-type": answer.type }).end(answer.bytes)
  } else {
    response
      .writeHead(answer.status ?? 200, { "content-type": "text/html; charset=utf-8" })
      .end(answer.page.text)
  }
}
