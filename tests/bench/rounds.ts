import type { Cell } from "./cells"
import { median } from "./load"
import type { Side } from "./servers"
import { type RunningStage, type Stage, startStage, stopStage } from "./stages"

export type BenchOptions = {
  folder: string
  seconds: number
  rounds: number
  cpuProfiles?: string | undefined
}

/** One measurement. `cpu` is the processor time of the server per request, in microseconds. */
type Figure = { perSecond: number; cpu: number; busy: number }

export type MeasuredCell = {
  name: string
  target: number
  raw: Figure
  ours: Figure
  /** Our requests per second over raw's, the median of the rounds. */
  ratio: number
  ratios: number[]
}

const connections = 32
const orders: Side[][] = [
  ["raw", "ours"],
  ["ours", "raw"],
]
/** Enough for the compiler of the engine to have seen the hot code. */
const firstWarmUp = 1.5
const warmUp = 0.4

/** Every cell in every round, raw and ours by turns; the servers of a stage live through all rounds. */
export async function measureCells(chosen: Cell[], options: BenchOptions): Promise<MeasuredCell[]> {
  const running = new Map<string, RunningStage>()
  const stageOf = async (stage: Stage, side: Side) => {
    const key = `${stage.name} ${side}`
    const known = running.get(key) ?? (await startStage(stage, side, options))
    running.set(key, known)
    return known
  }
  const figures = chosen.map(cell => ({ cell, raw: [] as Figure[], ours: [] as Figure[] }))
  try {
    for (let round = 0; round < options.rounds; round++) {
      for (const { cell, ...found } of figures) {
        for (const side of orders[round % 2] ?? []) {
          const on = await stageOf(cell.stage, side)
          await cell.measure(on, round === 0 ? firstWarmUp : warmUp, connections)
          found[side].push(await measure(cell, on, options.seconds))
        }
        process.stderr.write(".")
      }
    }
  } finally {
    process.stderr.write("\n")
    for (const stage of running.values()) await stopStage(stage)
  }
  return figures.map(({ cell: { name, target }, raw, ours }) => {
    const ratios = raw.map((figure, round) => (ours[round]?.perSecond ?? Number.NaN) / figure.perSecond)
    return { name, target, raw: middle(raw), ours: middle(ours), ratio: median(ratios), ratios }
  })
}

async function measure(cell: Cell, on: RunningStage, seconds: number): Promise<Figure> {
  const before = on.server.cpu()
  const found = await cell.measure(on, seconds, connections)
  const spent = on.server.cpu() - before
  return {
    perSecond: found.requests / found.seconds,
    cpu: (spent / found.requests) * 1e6,
    busy: spent / found.seconds,
  }
}

function middle(figures: Figure[]): Figure {
  const of = (name: keyof Figure) => median(figures.map(figure => figure[name]))
  return { perSecond: of("perSecond"), cpu: of("cpu"), busy: of("busy") }
}
