import { readFileSync } from "node:fs"
import type { RouteConfigEntry } from "@remix-run/route-config"
import type { Page } from "playwright-core"
import { afterAll, beforeAll, expect, test, vi } from "vitest"
import routeConfig from "~/routes"
import { seriousProblems } from "../support/axe"
import { ensureBuilt } from "../support/process"
import { startTour, type Tour } from "../support/tour"
import { devices } from "../support/visitor"

/* Every page, on phone and desktop, in both themes: nothing serious for axe, nothing wider than the screen, no error. */

vi.setConfig({ testTimeout: 600_000, hookTimeout: 200_000 })

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

test("[H1] every page of the app is among them", async () => {
  const pages = (await routeConfig).flatMap(route => pagesOf(route, ""))
  const visited = tour.stops.map(({ path }) => new URL(path, tour.site.url).pathname)
  const missing = pages.filter(page => !visited.some(path => page.test(path))).map(String)
  expect(missing.sort()).toEqual(elsewhere.map(page => String(page)).sort())
})

/** Reached by a form, or once in the life of an installation: the stops and the walk come by there. */
const elsewhere = [/^\/login\/sent$/, /^\/login\/renewal$/, /^\/setup$/]

/** The addresses of a route's pages, as patterns; what answers without a page is none. */
function pagesOf(route: RouteConfigEntry, parent: string): RegExp[] {
  const path = [parent, route.path].filter(Boolean).join("/")
  if (route.children) return route.children.flatMap(child => pagesOf(child, path))
  if (!readFileSync(`app/${route.file}`, "utf8").includes("export default")) return []
  return [new RegExp(`^/${path.replace(/:\w+/g, "[^/]+")}$`)]
}

/** The rules whose verdict another theme can change. */
const aboutColours = ["color-contrast", "link-in-text-block"]

function isTooWide(page: Page): Promise<boolean> {
  return page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth)
}
