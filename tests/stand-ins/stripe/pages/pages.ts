import type { IncomingMessage, ServerResponse } from "node:http"
import type { Context } from "../control/context"

export interface PageRequest {
  path: string
  query: string
  body: string
}

export async function answerPage(
  _context: Context,
  _request: IncomingMessage,
  response: ServerResponse,
  _page: PageRequest,
): Promise<void> {
  response.writeHead(404).end()
}
