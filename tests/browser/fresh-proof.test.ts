import type { Browser as Chromium } from "playwright-core"
import { afterAll, beforeAll, expect, test, vi } from "vitest"
import { staleSession } from "../support/account-furniture"
import { buildCast } from "../support/cast"
import { ensureBuilt } from "../support/process"
import { type Site, startSite } from "../support/site"
import { launchChromium, visitor } from "../support/visitor"

vi.setConfig({ testTimeout: 120_000, hookTimeout: 200_000 })

let site: Site & { furniture?: { bob: string; charlie: string } }
let chromium: Chromium

beforeAll(async () => {
  ensureBuilt()
  chromium = await launchChromium()
  const furnish = async () => {
    const { bob, charlie } = await buildCast()
    return { bob: await staleSession(bob), charlie: await staleSession(charlie) }
  }
  site = await startSite({ furnish })
})
afterAll(async () => {
  await chromium?.close()
  await site?.stop()
})

test.each([
  { who: "bob", email: "bob@acme.test", javaScript: true },
  { who: "charlie", email: "charlie@birch.test", javaScript: false },
] as const)(
  "[S5] asked who it is, a person types the code, and what they were about to do is done (JavaScript: $javaScript)",
  async ({ who, email, javaScript }) => {
    const session = site.furniture?.[who]
    const { page, trouble, context, close } = await visitor(chromium, {
      baseURL: site.url,
      device: "desktop",
      javaScript,
      session,
    })
    await page.goto("/account/email")
    const address = `${who}@third.test`
    await page.getByLabel("New e-mail address").fill(address)
    await page.getByLabel("New e-mail address").press("Enter")
    const code = page.getByLabel("Code from the mail")
    await code.waitFor()
    if (javaScript) {
      await page.getByRole("link", { name: "Cancel", exact: true }).click()
      expect(await page.getByLabel("New e-mail address").inputValue()).toBe(address)
      await page.getByRole("button", { name: "Send the link" }).click()
      await code.waitFor()
      expect(await code.evaluate(field => field === document.activeElement)).toBe(true)
    }
    const mail = await site.mailbox.waitFor(email, one => one.subject.startsWith("Your code"))
    await code.fill(mail.code ?? "")
    await code.press("Enter")
    await page.getByText("Look at the new mailbox now.").waitFor()
    await site.mailbox.waitFor(address)
    const now = (await context.cookies()).find(({ name }) => name === "gatehouse")?.value
    expect(now).toBeTruthy()
    expect(now).not.toBe(session)
    expect(trouble()).toEqual([])
    await close()
  },
)
