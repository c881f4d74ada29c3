import { Line } from "./line"

export type Load = {
  port: number
  connections: number
  seconds: number
  /** The next request, or undefined when there are no more to send. */
  next: () => string | undefined
  /** The only status that counts; any other ends the bench, because failures are fast. */
  status: number
}

/** `latencies` are in milliseconds, in the order of the answers. */
export type Measured = { requests: number; seconds: number; latencies: number[] }

/** Keeps every connection busy with one request after the other for so many seconds. */
export async function load({ port, connections, seconds, next, status }: Load): Promise<Measured> {
  const lines = await Promise.all(Array.from({ length: connections }, () => Line.open(port)))
  const latencies: number[] = []
  const began = performance.now()
  const until = began + seconds * 1000
  let ended = began
  const drive = (line: Line) =>
    new Promise<void>((resolve, reject) => {
      let sent = 0
      const send = () => {
        const request = next()
        if (request === undefined) return resolve()
        sent = performance.now()
        line.send(request, take, reject)
      }
      const take = (answer: { status: number; head: string }) => {
        const at = performance.now()
        if (answer.status !== status) return reject(unexpected(answer.head))
        if (at > until) return resolve()
        ended = at
        latencies.push(at - sent)
        send()
      }
      send()
    })
  try {
    await Promise.all(lines.map(drive))
  } finally {
    for (const line of lines) line.close()
  }
  return { requests: latencies.length, seconds: (ended - began) / 1000, latencies }
}

export function unexpected(head: string): Error {
  return new Error(`The server gave an answer that was not expected:\n${head}`)
}

/** The value below which this share of the values lies. */
export function percentile(values: number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
}

export function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length / 2
  const [low = Number.NaN, high = low] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]]
  return (low + high) / 2
}
