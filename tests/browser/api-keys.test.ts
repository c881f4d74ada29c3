import type { Browser as Chromium, Page } from "playwright-core"
import { afterAll, beforeAll, expect, test, vi } from "vitest"
import { staleSession } from "../support/account-furniture"
import { buildCast } from "../support/cast"
import { ensureBuilt } from "../support/process"
import { type Site, startSite } from "../support/site"
import { launchChromium, visitor } from "../support/visitor"

/* The life of an API key in a real browser and the production build: made, told once, used, revoked. */

vi.setConfig({ testTimeout: 120_000, hookTimeout: 200_000 })

let site: Site & { furniture?: Record<"alice" | "amir", string> }
let chromium: Chromium

beforeAll(async () => {
  ensureBuilt()
  chromium = await launchChromium()
  const furnish = async () => {
    const { alice, amir } = await buildCast()
    return { alice: await staleSession(alice), amir: await staleSession(amir) }
  }
  site = await startSite({ furnish })
})
afterAll(async () => {
  await chromium?.close()
  await site?.stop()
})

const callWith = async (key: string) =>
  (await fetch(`${site.url}/api/organizations/acme/members`, { headers: { Authorization: `Bearer ${key}` } }))
    .status

/** Fills the form, proves who it is, and reads the key from the page. */
async function create(page: Page, name: string, email: string): Promise<string> {
  await page.goto("/o/acme/settings/keys")
  await page.getByLabel("Name", { exact: true }).fill(name)
  await page.getByRole("checkbox", { name: "List the people" }).check()
  await page.getByRole("button", { name: "Create the key" }).click()
  const code = page.getByLabel("Code from the mail")
  await code.waitFor()
  const mail = await site.mailbox.waitFor(email, one => one.subject.startsWith("Your code"))
  await code.fill(mail.code ?? "")
  await code.press("Enter")
  await page.getByText("You see it now and never again").waitFor()
  return page.getByLabel("API key", { exact: true }).inputValue()
}

test.each([
  { who: "alice", email: "alice@acme.test", javaScript: true },
  { who: "amir", email: "amir@acme.test", javaScript: false },
] as const)(
  "[A3] a key is made, told once, used and revoked, and the next call is refused (JavaScript: $javaScript)",
  async ({ who, email, javaScript }) => {
    const { page, trouble, close } = await visitor(chromium, {
      baseURL: site.url,
      device: javaScript ? "desktop" : "phone",
      javaScript,
      session: site.furniture?.[who],
    })
    const name = `Export of ${who}`
    const key = await create(page, name, email)
    expect(key).toMatch(/^gatehouse_[\w-]{43}$/)
    expect(await callWith(key)).toBe(200)
    await page.getByRole("link", { name: "I have kept it" }).click()
    await page.goto("/o/acme/settings/keys")
    expect(await page.content()).not.toContain(key.slice(0, 20))
    await page.getByRole("link", { name: `Revoke ${name}` }).click()
    await page.getByRole("heading", { name: `Revoke “${name}”?` }).waitFor()
    await page.getByRole("button", { name: "Revoke this key" }).click()
    await page.getByText(`The key “${name}” is revoked.`).waitFor()
    expect(await page.getByRole("link", { name: `Revoke ${name}` }).count()).toBe(0)
    expect(await callWith(key)).toBe(401)
    expect(trouble()).toEqual([])
    await close()
  },
)
