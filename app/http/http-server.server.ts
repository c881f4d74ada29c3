import { createServer, type Server } from "node:http"
import type { AddressInfo, Socket } from "node:net"

/** Time for a client to send its headers, and its whole request: a slow one holds a socket, nothing else. */
const headersMs = 10_000
const requestMs = 30_000
/** Longer than the idle time of common proxies, so that it is they who close an idle connection. */
const keepAliveMs = 75_000
const lookMs = 2_000

/** A server with the time limits of a public one. Malformed requests get a whole answer, headers included. */
export function createHttpServer(): Server {
  const server = createServer({ connectionsCheckingInterval: lookMs })
  server.headersTimeout = headersMs
  server.requestTimeout = requestMs
  server.keepAliveTimeout = keepAliveMs
  server.on("clientError", answerMalformed)
  return server
}

export class ListenError extends Error {
  override name = "ListenError"
}

/** Listens and returns the port. Throws a `ListenError` in words that say what to do. */
export function listen(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => reject(new ListenError(words(error, host, port))))
    server.listen({ host, port }, () => {
      server.removeAllListeners("error")
      resolve(addressOf(server).port)
    })
  })
}

function addressOf(server: Server): AddressInfo {
  const address = server.address()
  if (address === null || typeof address === "string") throw new Error("The server has no port.")
  return address
}

function words(error: NodeJS.ErrnoException, host: string, port: number): string {
  if (error.code === "EADDRINUSE") {
    return `Port ${port} is in use by another program. Stop that one, or choose another port with PORT.`
  }
  if (error.code === "EACCES") {
    return `Port ${port} needs permission this process does not have. Choose a port above 1023 with PORT.`
  }
  if (error.code === "EADDRNOTAVAIL" || error.code === "ENOTFOUND") {
    return `HOST=${host} is no address of this machine. Use 0.0.0.0 for all of its addresses.`
  }
  return `Cannot listen on ${host}:${port}: ${error.message}`
}

const statusByCode: Record<string, string> = {
  HPE_HEADER_OVERFLOW: "431 Request Header Fields Too Large",
  ERR_HTTP_REQUEST_TIMEOUT: "408 Request Timeout",
}

/** There is no request to answer when it cannot be parsed, only a socket. */
function answerMalformed(error: NodeJS.ErrnoException, socket: Socket): void {
  if (!socket.writable || error.code === "ECONNRESET") return void socket.destroy()
  const status = statusByCode[error.code ?? ""] ?? "400 Bad Request"
  socket.end(
    `HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\nCache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\nContent-Security-Policy: default-src 'none'; frame-ancestors 'none'\r\n\r\n`,
  )
}
