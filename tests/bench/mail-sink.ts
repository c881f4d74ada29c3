import { createServer, type Socket } from "node:net"
import { portOf } from "../stand-ins/mailbox/smtp"

export type MailSink = {
  port: number
  /** The token of the next mail to this address. Ask before it is sent. */
  tokenFor: (address: string) => Promise<string>
  stop: () => void
}

/**
 * An SMTP server that takes every mail and keeps nothing but the token of its link. A `silent` one takes the mail and never
 * says so: whoever sends to it is kept waiting.
 */
export async function startMailSink({ silent = false } = {}): Promise<MailSink> {
  const waiting = new Map<string, (token: string) => void>()
  const sockets = new Set<Socket>()

  const server = createServer(socket => {
    sockets.add(socket)
    socket.on("close", () => sockets.delete(socket)).on("error", () => socket.destroy())
    socket.setNoDelay(true)
    socket.write("220 sink\r\n")
    let text = ""
    let recipient = ""
    let inData = false
    socket.on("data", part => {
      text += part.toString("latin1")
      for (;;) {
        const end = text.indexOf(inData ? "\r\n.\r\n" : "\r\n")
        if (end < 0) return
        const piece = text.slice(0, end)
        text = text.slice(end + (inData ? 5 : 2))
        if (inData) {
          inData = false
          if (silent) continue
          waiting.get(recipient)?.(tokenIn(piece))
          waiting.delete(recipient)
          socket.write("250 taken\r\n")
          continue
        }
        const word = piece.slice(0, 4).toUpperCase()
        if (word === "RCPT") recipient = /<([^>]*)>/.exec(piece)?.[1] ?? ""
        inData = word === "DATA"
        socket.write(inData ? "354 go on\r\n" : word === "QUIT" ? "221 bye\r\n" : "250 ok\r\n")
      }
    })
  })
  await new Promise<void>(resolve => server.listen(0, "127.0.0.1", resolve))
  return {
    port: portOf(server),
    tokenFor: address => new Promise(resolve => waiting.set(address, resolve)),
    stop: () => {
      for (const socket of sockets) socket.destroy()
      server.close()
    },
  }
}

/** From the quoted-printable text of a mail. */
function tokenIn(mail: string): string {
  const token = /token=(?:3D)?([\w-]{43})/.exec(mail.replaceAll("=\r\n", ""))?.[1]
  if (!token) throw new Error("A mail carries no link.")
  return token
}
