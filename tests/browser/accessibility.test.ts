import AxeBuilder from "@axe-core/playwright"
import type { Page } from "playwright-core"
import { afterAll, beforeAll, test, vi } from "vitest"
import { ensureBuilt } from "../support/process"
import { startTour, type Tour } from "../support/tour"
import { devices } from "../support/visitor"

/* Every page, on phone and desktop, in both themes: nothing serious for axe, nothing wider than the screen, no error. */

vi.setConfig({ testTimeout: 300_000, hookTimeout: 200_000 })

let tour: Tour

beforeAll(async () => {
  ensureBuilt()
  tour = await startTour()
})
afterAll(() => tour?.end())

test.concurrent.for(devices)(
  "[H1] axe finds nothing serious on any page on the %s, in either theme",
  async (device, { expect }) => {
    const found: string[] = []
    for (const stop of tour.stops) {
      const { page, trouble } = await tour.open(stop, device)
      await page.emulateMedia({ colorScheme: "light" })
      for (const problem of await seriousProblems(page)) found.push(`${stop.name}: ${problem}`)
      await page.emulateMedia({ colorScheme: "dark" })
      for (const problem of await seriousProblems(page, aboutColours))
        found.push(`${stop.name}, dark: ${problem}`)
      if (await isTooWide(page)) found.push(`${stop.name}: wider than the screen`)
      for (const line of trouble()) found.push(`${stop.name}: ${line}`)
    }
    expect(found).toEqual([])
  },
)

/** The rules whose verdict another theme can change. */
const aboutColours = ["color-contrast", "link-in-text-block"]

async function seriousProblems(page: Page, rules?: string[]): Promise<string[]> {
  const axe = new AxeBuilder({ page }).setLegacyMode(true).options({ resultTypes: ["violations"] })
  if (rules) axe.withRules(rules)
  const { violations } = await axe.analyze()
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .flatMap(({ id, help, nodes }) => nodes.map(({ target }) => `${id} (${help}) at ${target.join(" ")}`))
}

function isTooWide(page: Page): Promise<boolean> {
  return page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth)
}
