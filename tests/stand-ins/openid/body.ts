import type { IncomingMessage } from "node:http"

/** All of a small body. */
export async function bodyOf(req: IncomingMessage): Promise<string> {
  let body = ""
  for await (const part of req) body += part
  return body
}
