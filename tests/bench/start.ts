import { anySession } from "./cells"
import { Line } from "./line"
import { median, unexpected } from "./load"
import { requestsFor } from "./requests"
import type { BenchOptions } from "./rounds"
import { stages, startStage, stopStage } from "./stages"

export type Start = { coldStart: number; memory: number }

const starts = 5
const requests = 5_000

/** Milliseconds from spawning to the first healthy answer, and the memory held after requests of every kind. */
export async function measureStart(options: BenchOptions): Promise<Start> {
  const found: number[] = []
  for (let i = 0; i < starts; i++) {
    const on = await startStage(stages.small, "ours", { folder: options.folder })
    found.push(on.server.startedIn)
    await stopStage(on)
  }
  return { coldStart: median(found), memory: await memoryAfterRequests(options) }
}

/** Pages, JSON through Remix and in front of it, by turns, on eight connections. */
async function memoryAfterRequests(options: BenchOptions): Promise<number> {
  const on = await startStage(stages.small, "ours", { folder: options.folder })
  const { page, sessionCheck, sessionCheckInRemix } = requestsFor(on.server.port)
  const token = anySession(on)
  const kinds = [page, sessionCheckInRemix, page, sessionCheck]
  const lines = await Promise.all(Array.from({ length: 8 }, () => Line.open(on.server.port)))
  let sent = 0
  await Promise.all(
    lines.map(async line => {
      while (sent < requests) {
        const kind = kinds[sent++ % kinds.length] ?? page
        const answer = await line.ask(kind(token()))
        if (answer.status !== 200) throw unexpected(answer.head)
      }
      line.close()
    }),
  )
  const memory = on.server.memory()
  await stopStage(on)
  return memory
}
