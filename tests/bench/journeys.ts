import { Line } from "./line"
import { type Measured, unexpected } from "./load"
import { requestsFor } from "./requests"
import type { RunningStage } from "./stages"
import { addressOf } from "./world"

/**
 * Everything between typing an address and being known: ask for a link, get the mail, open the link, ask who is signed in.
 * Each connection is a person who begins anew when they are through.
 */
export async function journeys(on: RunningStage, seconds: number, connections: number): Promise<Measured> {
  const latencies: number[] = []
  const began = performance.now()
  const until = began + seconds * 1000
  let ended = began
  const people = Array.from({ length: connections }, async () => {
    const line = await Line.open(on.server.port)
    try {
      while (performance.now() < until) {
        const left = performance.now()
        await journey(on, line)
        const arrived = performance.now()
        if (arrived > until) return
        ended = arrived
        latencies.push(arrived - left)
      }
    } finally {
      line.close()
    }
  })
  await Promise.all(people)
  return { requests: latencies.length, seconds: (ended - began) / 1000, latencies }
}

async function journey(on: RunningStage, line: Line): Promise<void> {
  const { server, sink } = on
  if (!sink) throw new Error("A journey needs a mail server.")
  const requests = requestsFor(server.port)
  const address = addressOf(on.taken++ % on.stage.size.sessions)
  const mail = sink.tokenFor(address)
  const asked = await expect(303, line, requests.requestLink(address))
  const spent = await expect(303, line, requests.spendLink(await mail, cookieOf(asked, "gatehouse-request")))
  await expect(200, line, requests.sessionCheck(cookieOf(spent, "gatehouse")))
}

async function expect(status: number, line: Line, request: string): Promise<string> {
  const answer = await line.ask(request)
  if (answer.status !== status) throw unexpected(answer.head)
  return answer.head
}

/** The value of a cookie that an answer sets. */
function cookieOf(head: string, name: string): string {
  const value = new RegExp(`\r\nset-cookie: ${name}=([^;\r]*)`, "i").exec(head)?.[1]
  if (!value) throw new Error(`The answer sets no cookie ${name}.`)
  return value
}
