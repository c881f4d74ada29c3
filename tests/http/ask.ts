import { type IncomingHttpHeaders, type OutgoingHttpHeaders, request } from "node:http"
import { connect } from "node:net"
import type { RemixHandler } from "~/http/remix-handler.server"
import { readSettings, type Settings } from "~/platform/settings.server"

export type Reply = { status: number; headers: IncomingHttpHeaders; text: string }
export type Question = {
  method?: string
  headers?: OutgoingHttpHeaders
  body?: string | Buffer
  /** Sent as they are, in chunks, without a Content-Length. */
  chunks?: Iterable<string>
}

/** One request by node:http: unlike fetch it lets a test set Host, Origin and Content-Length as it likes. */
export function ask(url: string, { method = "GET", headers, body, chunks }: Question = {}): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(url)
    // Not parsed by URL, which would tidy up the very paths the tests are about.
    const path = url.slice(url.indexOf("/", "http://".length)) || "/"
    const req = request({ hostname, port, path, method, headers, agent: false }, res => {
      let text = ""
      res.setEncoding("utf8")
      res.on("data", part => {
        text += part
      })
      res.on("end", () => resolve({ status: res.statusCode ?? 0, headers: res.headers, text }))
      res.on("error", reject)
    })
    req.on("error", reject)
    for (const chunk of chunks ?? []) req.write(chunk)
    req.end(body)
  })
}

/** What a server answers to exactly these bytes, until it closes the connection. */
export function askRaw(port: number, bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1", () => socket.write(bytes))
    let text = ""
    socket.setEncoding("utf8").on("data", part => {
      text += part
    })
    socket.on("close", () => resolve(text)).on("error", reject)
  })
}

/** Settings as if the environment held these values only. */
export function settingsWith(values: Record<string, string>): Settings {
  const settings = readSettings(values)
  if ("problems" in settings) throw new Error(JSON.stringify(settings.problems))
  return settings
}

export const production = {
  NODE_ENV: "production",
  APP_URL: "https://gate.example.com",
  APP_SECRET: "0123456789abcdefghijklmnopqrstuvwxyz",
}

/** Stands where Remix does and tells what the front let through. */
export const mirror: RemixHandler = async (req, res, body, context) => {
  res.setHeader("Content-Type", "application/json")
  const { method, url, headers } = req
  res.end(JSON.stringify({ method, url, headers, bytes: body?.length ?? 0, context }))
}
