import type { IncomingMessage, ServerResponse } from "node:http"
import type { Asked } from "~/http/request-target.server"

const kilobyte = 1024
/** Stripe's largest events stay below 256 kB; everything a form or a program sends us fits into 64 kB many times. */
const limits = {
  webhook: 1024 * kilobyte,
  // A picture of 1 MB and what the form says around it.
  logo: 1024 * kilobyte + 16 * kilobyte,
  other: 64 * kilobyte,
}
/** How long a client that was refused may go on sending before the line is cut; without it, it would not read why. */
const lingerMs = 1_000

/** How many bytes a request may carry, by what it asks for. */
export function bodyLimit(asked: Asked): number {
  if (asked.isWebhook) return limits.webhook
  return asked.logoOf ? limits.logo : limits.other
}

/**
 * Reads a request's body to its end, chunked or not, before anything acts on it. Returns "too large" as soon as that
 * is certain, and "gone" when the client left.
 */
export function readBody(
  req: IncomingMessage,
  limit: number,
): Promise<Buffer<ArrayBuffer> | "too large" | "gone"> {
  if (Number(req.headers["content-length"] ?? 0) > limit) return Promise.resolve("too large")
  return new Promise(resolve => {
    const parts: Buffer[] = []
    let size = 0
    const settle = (result: Buffer<ArrayBuffer> | "too large" | "gone") => {
      req.off("data", take).off("end", finish).off("close", leave).off("error", leave)
      resolve(result)
    }
    const take = (part: Buffer) => {
      size += part.length
      if (size > limit) return settle("too large")
      parts.push(part)
    }
    const finish = () => settle(Buffer.concat(parts))
    const leave = () => settle("gone")
    req.on("data", take).on("end", finish).on("close", leave).on("error", leave)
  })
}

/**
 * Lets a refused client read its answer: what it still sends is thrown away for a second, then the connection ends.
 * Closing at once would reset it, and the answer would be lost on the way.
 */
export function lingerBeforeClosing(req: IncomingMessage, res: ServerResponse): void {
  const end = res.end.bind(res)
  res.shouldKeepAlive = false
  res.end = (body?: unknown) => {
    if (typeof body === "string") res.write(body)
    const timer = setTimeout(end, lingerMs)
    const stop = () => {
      clearTimeout(timer)
      end()
    }
    req.on("end", stop).on("close", stop).on("error", stop).resume()
    return res
  }
}
