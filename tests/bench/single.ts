import { cells } from "./cells"
import { median, percentile } from "./load"
import type { BenchOptions } from "./rounds"
import { stages, startStage, stopStage } from "./stages"

export type Single = { name: string; p50: number; p99: number }

/** How long one visitor waits when nobody else is there: milliseconds, the median of the rounds. */
export async function measureSingle(options: BenchOptions): Promise<Single[]> {
  const on = await startStage(stages.small, "ours", options)
  const found: Single[] = []
  try {
    for (const cell of [cells.check, cells.page]) {
      await cell.measure(on, 1, 8)
      const p50: number[] = []
      const p99: number[] = []
      for (let round = 0; round < options.rounds; round++) {
        const { latencies } = await cell.measure(on, options.seconds / 2, 1)
        p50.push(percentile(latencies, 0.5))
        p99.push(percentile(latencies, 0.99))
      }
      found.push({ name: cell.name, p50: median(p50), p99: median(p99) })
    }
  } finally {
    await stopStage(on)
  }
  return found
}
