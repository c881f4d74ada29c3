import { once } from "node:events"
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net"
import { setTimeout as wait } from "node:timers/promises"
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from "smtp-server"
import type { Faults } from "./faults"
import { type Envelope, mailboxKey } from "./message"

const largestMail = 5 * 1024 * 1024

/** Keeps the mail and returns the name it is kept under. */
export type Keep = (raw: Buffer, envelope: Envelope) => Promise<string>

/** `connections` were accepted; `attempts` got as far as a whole message, answered well or not. */
export type Counts = { connections: number; attempts: number }

/**
 * A plain TCP listener stands in front of smtp-server and passes the bytes on, so that a fault can strike before the
 * greeting and cut a connection at any moment, encrypted or not.
 */
export function createSmtp(faults: Faults, keep: Keep) {
  /** By the local port of the onward connection, which is the remote port smtp-server sees. */
  const lines = new Map<number | undefined, Socket>()
  const clients = new Set<Socket>()
  const engines = new Map<string, Promise<SMTPServer>>()
  const counts: Counts = { connections: 0, attempts: 0 }

  const listener: Server = createServer(client => {
    counts.connections += 1
    clients.add(client)
    client.on("close", () => clients.delete(client))
    client.on("error", () => client.destroy())
    const fault = faults.strike("connect")
    if (fault === "close") client.destroy()
    if (fault === "421") client.end("421 4.3.2 Service not available, closing the channel\r\n")
    if (fault === "accept") passOn(client).catch(() => client.destroy())
  })

  async function passOn(client: Socket) {
    const engine = await startedEngine()
    const onward = connect(portOf(engine.server), "127.0.0.1")
    for (const socket of [client, onward]) socket.setNoDelay(true)
    onward.on("connect", () => lines.set(onward.localPort, client))
    onward.on("error", () => onward.destroy())
    onward.on("close", broken => {
      lines.delete(onward.localPort)
      if (broken) client.destroy()
    })
    client.on("close", () => onward.destroySoon())
    client.pipe(onward).pipe(client)
  }

  function startedEngine(): Promise<SMTPServer> {
    const { tls, login } = faults.current
    const key = `${tls} ${login}`
    const started = engines.get(key) ?? start(makeEngine(tls, login))
    engines.set(key, started)
    return started
  }

  function makeEngine(tls: string, login: string): SMTPServer {
    const server = new SMTPServer({
      name: "mailbox.localhost",
      banner: "Local mailbox",
      secure: tls === "implicit",
      disabledCommands: tls === "none" ? ["STARTTLS"] : [],
      allowInsecureAuth: tls === "none",
      authOptional: login !== "required",
      disableReverseLookup: true,
      hideENHANCEDSTATUSCODES: false,
      size: largestMail,
      logger: false,
      closeTimeout: 200,
      onAuth(auth, _session, done) {
        if (faults.strike("login") === "refused")
          return done(answer(535, "Authentication credentials invalid"))
        done(null, { user: auth.username })
      },
      onMailFrom(_address, _session, done) {
        if (faults.strike("sender") === "refused") return done(answer(553, "Sender address is not verified"))
        done()
      },
      onRcptTo(address, _session, done) {
        const fault = faults.strike("recipient", [mailboxKey(address.address)])
        if (fault === "refused") return done(answer(550, "No such mailbox here"))
        if (fault === "later") return done(answer(451, "Mailbox busy, try again later"))
        if (fault === "relay") return done(answer(554, "Relay access denied"))
        done()
      },
      onData(stream, session, done) {
        take(stream, session).then(words => done(null, words), done)
      },
    })
    server.on("error", () => undefined)
    return server
  }

  async function take(stream: SMTPServerDataStream, session: SMTPServerSession): Promise<string> {
    const chunks: Buffer[] = []
    for await (const chunk of stream) chunks.push(Buffer.from(chunk))
    if (stream.sizeExceeded) throw answer(552, "Message too large")
    const raw = Buffer.concat(chunks)
    counts.attempts += 1
    const envelope = readEnvelope(session)
    const { slow } = faults.current
    const fault = faults.strike("data", envelope.to.map(mailboxKey))
    if (slow > 0) await wait(slow, undefined, { ref: false })
    if (fault === "refused") throw answer(554, "Message rejected")
    if (fault === "echo")
      throw answer(554, `Message rejected: ${raw.toString("utf8").replace(/=?\r?\n/g, " ")}`)
    if (fault === "later") throw answer(451, "Local error in processing, try again later")
    const client = lines.get(session.remotePort)
    if (fault === "hang") return new Promise(() => undefined)
    if (fault === "hang-up") {
      client?.destroy()
      return new Promise(() => undefined)
    }
    const id = await keep(raw, envelope)
    if (fault === "accept-and-hang-up") setTimeout(() => client?.end(), 20)
    return `2.0.0 Ok: queued as ${id}`
  }

  function dropConnections() {
    for (const client of clients) client.destroy()
  }

  return {
    counts,
    listener,
    /** Hangs up on everybody who is connected, without a word. */
    dropConnections,
    async stop() {
      dropConnections()
      const running = await Promise.all(engines.values())
      await Promise.all(running.map(engine => new Promise<void>(resolve => engine.close(resolve))))
    },
  }
}

async function start(engine: SMTPServer): Promise<SMTPServer> {
  engine.listen(0, "127.0.0.1")
  await once(engine.server, "listening")
  return engine
}

/** The port a server listens on. */
export function portOf(server: Server): number {
  const address: AddressInfo | string | null = server.address()
  if (address === null || typeof address === "string")
    throw new Error("The server does not listen on a port.")
  return address.port
}

function readEnvelope(session: SMTPServerSession): Envelope {
  const { mailFrom, rcptTo } = session.envelope
  return {
    from: mailFrom ? mailFrom.address : "",
    to: rcptTo.map(recipient => recipient.address),
    secure: session.secure,
    user: typeof session.user === "string" ? session.user : "",
  }
}

function answer(responseCode: number, words: string): Error {
  return Object.assign(new Error(words), { responseCode })
}
