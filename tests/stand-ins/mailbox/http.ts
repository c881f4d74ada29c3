import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http"
import { z } from "zod"
import { FaultSettings } from "./faults"
import type { MailboxMessage } from "./message"
import { inboxPage, mailDocument, messagePage, missingPage, views } from "./pages"
import { script, stylesheet } from "./pages-assets"

/** What the page shows and may do. */
export type Shown = {
  messages(address?: string): MailboxMessage[]
  find(id: string): MailboxMessage | undefined
  clear(): void
  faults: { set(settings: Partial<FaultSettings>, times?: number): void; current(): FaultSettings }
  counts(): { connections: number; attempts: number; messages: number }
}

const FaultOrder = FaultSettings.partial().extend({ times: z.number().int().min(1).optional() })
const largestBody = 64 * 1024
const pageSize = 50
const ownNames = ["localhost", "127.0.0.1", "[::1]"]

export function createHttp(mailbox: Shown): Server {
  return createServer((request, response) => {
    answer(mailbox, request, response).catch((error: unknown) => {
      if (response.headersSent) return response.destroy()
      json(response, 500, { error: String(error) })
    })
  })
}

async function answer(mailbox: Shown, request: IncomingMessage, response: ServerResponse) {
  const host = request.headers.host ?? ""
  const url = new URL(request.url ?? "/", `http://${host || "localhost"}`)
  // Another site that resolves its name to this machine must not read the mails.
  if (!ownNames.includes(url.hostname))
    return json(response, 421, { error: "This is not a name of the mailbox." })
  const path = url.pathname
  const to = url.searchParams.get("to")?.trim() || undefined
  const [, id, part] = /^\/(?:api\/)?messages\/(\d+)(?:\/(body))?$/.exec(path) ?? []
  const message = id === undefined ? undefined : mailbox.find(id)

  switch (`${request.method === "HEAD" ? "GET" : request.method} ${path.replace(/\d+/, ":id")}`) {
    case "GET /": {
      const page = Math.max(1, Number(url.searchParams.get("page")) || 1)
      return html(response, 200, inboxPage(mailbox.messages(), mailbox.messages(to), to, page, pageSize))
    }
    case "GET /messages/:id": {
      const view = views.find(known => known === url.searchParams.get("view")) ?? "html"
      return message ? html(response, 200, messagePage(message, view)) : html(response, 404, missingPage())
    }
    case "GET /messages/:id/body":
      return message && part ? mailBody(response, message) : html(response, 404, missingPage())
    case "POST /clear":
      if (request.headers.origin !== url.origin)
        return json(response, 403, { error: "Use the button on the page." })
      mailbox.clear()
      return response.writeHead(303, { location: "/" }).end()
    case "GET /mailbox.css":
      return send(response, 200, "text/css; charset=utf-8", stylesheet)
    case "GET /mailbox.js":
      return send(response, 200, "text/javascript; charset=utf-8", script)
    case "GET /api/messages":
      return json(response, 200, {
        messages: mailbox.messages(to).map(brief).reverse(),
        counts: mailbox.counts(),
      })
    case "GET /api/messages/:id":
      return message ? json(response, 200, message) : json(response, 404, { error: "There is no such mail." })
    case "DELETE /api/messages":
      mailbox.clear()
      return response.writeHead(204).end()
    case "GET /api/faults":
      return json(response, 200, mailbox.faults.current())
    case "POST /api/faults":
      return setFaults(mailbox, request, response)
    default:
      return path.startsWith("/api/")
        ? json(response, 404, { error: "There is nothing here." })
        : html(response, 404, missingPage())
  }
}

function brief({ raw: _raw, ...rest }: MailboxMessage) {
  return rest
}

async function setFaults(mailbox: Shown, request: IncomingMessage, response: ServerResponse) {
  // A form of another site cannot send this type without asking first.
  if (!request.headers["content-type"]?.startsWith("application/json")) {
    return json(response, 415, { error: "Send application/json." })
  }
  const order = FaultOrder.safeParse(parse(await read(request)))
  if (!order.success) return json(response, 400, { error: z.prettifyError(order.error) })
  const { times, ...settings } = order.data
  mailbox.faults.set(settings, times)
  return json(response, 200, mailbox.faults.current())
}

async function read(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request) {
    size += chunk.length
    if (size > largestBody) throw new Error("The body is too large.")
    chunks.push(Buffer.from(chunk))
  }
  return Buffer.concat(chunks).toString("utf8")
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}

function mailBody(response: ServerResponse, message: MailboxMessage) {
  const policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data: http: https:; font-src data:"
  response.setHeader("Content-Security-Policy", `${policy}; frame-ancestors 'self'`)
  send(response, 200, "text/html; charset=utf-8", mailDocument(message))
}

function html(response: ServerResponse, status: number, page: string) {
  const policy =
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self' data:"
  response.setHeader(
    "Content-Security-Policy",
    `${policy}; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`,
  )
  send(response, status, "text/html; charset=utf-8", page)
}

function json(response: ServerResponse, status: number, value: unknown) {
  send(response, status, "application/json; charset=utf-8", JSON.stringify(value))
}

function send(response: ServerResponse, status: number, type: string, body: string) {
  response.writeHead(status, {
    "Content-Type": type,
    "Cache-Control": "no-store",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
  })
  response.end(body)
}
