import { gzipSync } from "node:zlib"
import type { Browser as Chromium } from "playwright-core"
import { afterAll, beforeAll, expect, test, vi } from "vitest"
import { ensureBuilt } from "../support/process"
import { type Site, startSite } from "../support/site"
import { launchChromium, visitor } from "../support/visitor"

vi.setConfig({ testTimeout: 60_000, hookTimeout: 200_000 })

let site: Site
let browser: Chromium

beforeAll(async () => {
  ensureBuilt()
  browser = await launchChromium()
  site = await startSite()
})
afterAll(async () => {
  await browser?.close()
  await site?.stop()
})

/** [H2] As served with gzip, in bytes. */
const most = 100_000

test.each(["/", "/login", "/pricing", "/checkout?plan=starter"])(
  "[H2] %s loads less than 100 kB of JavaScript",
  async path => {
    const { page, close } = await visitor(browser, { device: "phone", baseURL: site.url })
    const scripts = new Map<string, number>()
    page.on("response", async response => {
      if (response.request().resourceType() !== "script") return
      const { pathname } = new URL(response.url())
      scripts.set(pathname, gzipSync(await response.body(), { level: 9 }).length)
    })
    await page.goto(path, { waitUntil: "networkidle" })
    const inline = await page.locator("script:not([src])").allTextContents()
    const sum = [...scripts.values()].reduce((all, size) => all + size, gzipSync(inline.join("")).length)
    expect(scripts.size).toBeGreaterThan(3)
    expect(sum, [...scripts].map(([name, size]) => `${size} ${name}`).join("\n")).toBeLessThan(most)
    await close()
  },
)
