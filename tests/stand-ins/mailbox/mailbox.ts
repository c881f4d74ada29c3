import { EventEmitter, once } from "node:events"
import type { Server } from "node:net"
import { createFaults, type FaultSettings } from "./faults"
import { createHttp } from "./http"
import { isFor, type MailboxMessage, readMessage } from "./message"
import { createSmtp, portOf } from "./smtp"

export type Mailbox = Awaited<ReturnType<typeof startMailbox>>

/** Beyond this the oldest mails make room. */
const kept = 2000

/**
 * A real SMTP server with a page, for the demo, development and the tests. It listens on this machine only and forgets
 * everything when it stops. Port 0 picks a free one. Mails arrive at the time of `clock`, if given.
 */
export async function startMailbox(
  options: { smtpPort?: number; httpPort?: number; host?: string; clock?: () => Date } = {},
) {
  const { clock = () => new Date() } = options
  const host = options.host ?? "127.0.0.1"
  if (!["127.0.0.1", "::1", "localhost"].includes(host)) {
    throw new Error(`The local mailbox listens on this machine only, not on ${host}.`)
  }
  let inbox: MailboxMessage[] = []
  let arrived = 0
  const arrivals = new EventEmitter().setMaxListeners(0)
  const faults = createFaults()

  const smtp = createSmtp(faults, async (raw, envelope) => {
    arrived += 1
    const message = await readMessage(String(arrived), raw, envelope, clock())
    inbox = [...inbox.slice(-(kept - 1)), message]
    arrivals.emit("message", message)
    return message.id
  })

  const mailbox = {
    smtpPort: 0,
    /** Of the page, such as http://localhost:3025. */
    url: "",
    /** All mails, or those to one address, oldest first. */
    messages: (address?: string) => inbox.filter(m => address === undefined || isFor(m, address)),
    find: (id: string) => inbox.find(m => m.id === id),
    /** The newest mail to an address. Throws when there is none. */
    latestTo(address: string): MailboxMessage {
      const found = inbox.filter(m => isFor(m, address)).at(-1)
      if (!found) throw new Error(`No mail has arrived for ${address}.`)
      return found
    },
    /** The first mail to an address that fits, whether it is here already or arrives within `ms`. */
    async waitFor(
      address: string,
      fits: (message: MailboxMessage) => boolean = () => true,
      ms = 5000,
    ): Promise<MailboxMessage> {
      const signal = AbortSignal.timeout(ms)
      for (;;) {
        const found = inbox.find(m => isFor(m, address) && fits(m))
        if (found) return found
        await once(arrivals, "message", { signal }).catch(() => {
          const others = inbox.map(m => `${m.to.join(", ")}: ${m.subject}`).join("; ") || "nothing"
          throw new Error(`No such mail for ${address} within ${ms} ms. The mailbox holds ${others}.`)
        })
      }
    },
    clear() {
      inbox = []
    },
    faults: {
      /** Sets the faults from now on, or for the next `times` only. Open connections are dropped where it matters. */
      set(settings: Partial<FaultSettings>, times?: number) {
        faults.set(settings, times)
        if (settings.connect || settings.tls || settings.login) smtp.dropConnections()
      },
      clear: faults.clear,
      current: () => faults.current,
    },
    /** Connections accepted, whole messages received, and messages answered with 250, since the start. */
    counts: () => ({ ...smtp.counts, messages: arrived }),
    dropConnections: smtp.dropConnections,
    async stop() {
      const closing = [closed(smtp.listener), closed(http), smtp.stop()]
      http.closeAllConnections()
      await Promise.all(closing)
    },
  }

  const http = createHttp(mailbox)
  try {
    mailbox.smtpPort = await listen(smtp.listener, options.smtpPort ?? 0, host)
    mailbox.url = `http://localhost:${await listen(http, options.httpPort ?? 0, host)}`
  } catch (error) {
    smtp.listener.close()
    throw error
  }
  return mailbox
}

async function listen(server: Server, port: number, host: string): Promise<number> {
  server.listen(port, host)
  await once(server, "listening")
  return portOf(server)
}

function closed(server: Server): Promise<void> {
  return new Promise(resolve => server.close(() => resolve()))
}
