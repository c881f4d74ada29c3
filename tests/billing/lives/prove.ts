import { afterAll, beforeAll, expect, test } from "vitest"
import { type AppInProcess, startInProcess } from "./app-in-process"
import { type Outcome, runLife, stepsOf } from "./run-life"

/** Two test files share the lives, so that two cores do. */
const files = 2

/**
 * Leads every second life. One that goes wrong prints its seed and the shortest beginning of it that goes wrong too; to see it
 * again: LIVES_SEED=<seed> LIVES=1 npx vitest run tests/billing/property.test.ts
 * With LIVES_GO_ON=1 the others are led to their ends, too, and all that went wrong is told at once.
 */
export function proveLives(file: number): void {
  const lives = Number(process.env.LIVES ?? 1_000)
  const goOn = process.env.LIVES_GO_ON === "1"
  const first = Number(process.env.LIVES_SEED ?? 1)
  const mine = Array.from({ length: lives }, (_, at) => first + at).filter((_, at) => at % files === file)

  let app: AppInProcess
  beforeAll(async () => {
    app = await startInProcess({ TRIAL_DAYS: "14" })
  })
  afterAll(() => app.close())

  test.skipIf(mine.length === 0)(
    `[B6] after ${mine.length} random lives, access is what was paid for, and every mail came once`,
    async () => {
      const wrong: string[] = []
      const sum: Record<string, number> = {}
      const started = performance.now()
      const used = process.cpuUsage()
      for (const seed of mine) {
        const outcome = await runLife(app, seed)
        if (outcome.problems.length > 0) {
          if (!goOn) expect.fail(await shortest(app, seed, outcome))
          wrong.push(`seed ${seed}\n${outcome.story.join("\n")}\n\n${outcome.problems.join("\n")}`)
        }
        for (const [name, count] of Object.entries(outcome.figures)) sum[name] = (sum[name] ?? 0) + count
      }
      const seconds = Math.round((performance.now() - started) / 1_000)
      const { user, system } = process.cpuUsage(used)
      const ofProcessor = Math.round((user + system) / 1_000_000)
      const figures = Object.entries(sum).map(([name, count]) => `${count} ${name}`)
      console.info(
        `${mine.length} lives from seed ${mine[0]} in ${seconds} s (${ofProcessor} s of a processor): ${figures.join(", ")}`,
      )
      if (wrong.length > 0) expect.fail(wrong.join("\n\n"))
      // Lives in which nothing happens prove nothing.
      if (mine.length >= 100) {
        expect(sum.kills).toBeGreaterThan(mine.length / 10)
        expect(sum.subscriptions).toBeGreaterThan(mine.length)
      }
    },
    3_600_000,
  )
}

/** The life in words, up to the first step after which it goes wrong. */
async function shortest(app: AppInProcess, seed: number, whole: Outcome): Promise<string> {
  let told = whole
  for (let length = 1; length < stepsOf(seed); length += 1) {
    const outcome = await runLife(app, seed, length).catch(() => undefined)
    if (!outcome || outcome.problems.length === 0) continue
    told = outcome
    break
  }
  return `seed ${seed}\n${told.story.join("\n")}\n\n${told.problems.join("\n")}`
}
