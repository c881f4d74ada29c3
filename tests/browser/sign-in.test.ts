import type { Browser as Chromium, Page } from "playwright-core"
import { afterAll, beforeAll, expect, test, vi } from "vitest"
import { type Furniture, furnish } from "../support/furniture"
import { ensureBuilt } from "../support/process"
import { type Site, startSite } from "../support/site"
import { launchChromium, mailedLink, type Visitor, visitor } from "../support/visitor"

/* What only a browser can prove of a link: who presses its button, and what the page does by itself. */

vi.setConfig({ testTimeout: 60_000, hookTimeout: 200_000 })

let site: Site
let furniture: Furniture | undefined
let browser: Chromium

beforeAll(async () => {
  ensureBuilt()
  browser = await launchChromium()
  const started = await startSite({ furnish })
  site = started
  furniture = started.furniture
})
afterAll(async () => {
  await browser?.close()
  await site?.stop()
})

test("[L3] in the browser that asked, opening the link signs in without another click", async () => {
  const bob = await visitor(browser, { device: "phone", baseURL: site.url })
  const { link } = await mailedLink(bob, site.mailbox, "bob@acme.test")
  await bob.page.goto(link)
  await heading(bob.page, "Acme")
  expect(new URL(bob.page.url()).pathname).toBe("/o/acme")
  expect(bob.trouble()).toEqual([])
  await bob.close()
})

test.each([true, false])(
  "[L2] in another browser the page waits for its button (JavaScript: %s)",
  async javaScript => {
    const amir = await visitor(browser, { device: "desktop", baseURL: site.url })
    const { link } = await mailedLink(amir, site.mailbox, "amir@acme.test")
    const other = await visitor(browser, { device: "phone", javaScript, baseURL: site.url })
    const posts: string[] = []
    other.page.on("request", request => request.method() === "POST" && posts.push(request.url()))
    await other.page.goto(link, { waitUntil: "networkidle" })
    await heading(other.page, "Sign in as a•••@a•••.test")
    expect(await other.page.getByRole("main").textContent()).toContain("Chrome on Linux")
    await other.page.waitForTimeout(500)
    expect(posts).toEqual([])
    await other.page.getByRole("button", { name: "Sign in as a•••@a•••.test" }).click()
    await heading(other.page, "Acme")
    await amir.page.goto("/account/profile")
    expect(new URL(amir.page.url()).pathname).toBe("/login")
    await Promise.all([amir.close(), other.close()])
  },
)

test("[L7] an expired link asks for a fresh one by itself, once, and the fresh one signs in", async () => {
  const [email, expired] = ["charlie@birch.test", `/login/link?token=${furniture?.links.expired}`]
  const charlie = await visitor(browser, { device: "phone", baseURL: site.url })
  await charlie.page.goto(expired, { waitUntil: "commit" })
  await charlie.page.waitForURL("**/login/sent")
  const isLink = ({ link }: { link?: string }) => link?.includes("/login/link") === true
  const fresh = await site.mailbox.waitFor(email, isLink)
  expect(await charlie.page.content()).not.toContain(new URL(fresh.link).searchParams.get("token"))
  await charlie.page.goto(expired)
  await charlie.page.getByText("A fresh one was sent to c•••@b•••.test").waitFor()
  expect(site.mailbox.messages(email).filter(isLink)).toHaveLength(1)
  await charlie.page.goto(fresh.link)
  // Opening an old link is not asking: a mail scanner does as much.
  await charlie.page.getByRole("button", { name: "Sign in as c•••@b•••.test" }).click()
  await charlie.page.waitForURL(/\/o\/[^/]+$/)
  expect(charlie.trouble()).toEqual([])
  await charlie.close()
})

test("[L7] without JavaScript an expired link offers a button for it, and reading it asks for nothing", async () => {
  const [email, expired] = ["nora@alone.test", `/login/link?token=${furniture?.links.expiredToo}`]
  const nora = await visitor(browser, { device: "desktop", javaScript: false, baseURL: site.url })
  await nora.page.goto(expired)
  await nora.page.reload()
  await heading(nora.page, "This link has expired")
  await nora.page.waitForTimeout(300)
  expect(site.mailbox.messages(email)).toHaveLength(0)
  await nora.page.getByRole("button", { name: "Send a fresh link" }).click()
  await heading(nora.page, "Check your mail")
  await site.mailbox.waitFor(email)
  await nora.close()
})

test("[L17] someone signed in as another person is told so and chooses", async () => {
  const bob = await visitor(browser, { device: "desktop", baseURL: site.url })
  const { link } = await mailedLink(bob, site.mailbox, "bob@acme.test")
  await bob.context.addCookies([{ name: "gatehouse", value: session("alice"), url: site.url }])
  await bob.page.goto(link)
  await bob.page.getByText("You are signed in here as alice@acme.test").waitFor()
  await bob.page.getByRole("link", { name: "Stay signed in as alice@acme.test" }).click()
  await bob.page.waitForURL("**/o/*")
  expect(await whoIs(bob)).toBe("alice@acme.test")
  await bob.page.goto(link)
  await bob.page.getByRole("button", { name: "Sign in as b•••@a•••.test" }).click()
  await heading(bob.page, "Acme")
  expect(await whoIs(bob)).toBe("bob@acme.test")
  expect(bob.trouble()).toEqual([])
  await bob.close()
})

test("[L10] the page behind a link loads nothing from elsewhere and tells no one its address", async () => {
  const stranger = await visitor(browser, { device: "desktop", baseURL: site.url })
  const token = furniture?.links.signIn ?? ""
  const requests: { url: string; referer: string | undefined }[] = []
  stranger.page.on("request", request => {
    requests.push({ url: request.url(), referer: request.headers().referer })
  })
  await stranger.page.goto(`/login/link?token=${token}`, { waitUntil: "networkidle" })
  expect(requests.map(({ url }) => new URL(url).origin)).toEqual(requests.map(() => site.url))
  for (const { referer } of requests) expect(referer ?? "").not.toContain(token)
  await stranger.close()
})

function session(guest: keyof Furniture["sessions"]): string {
  return furniture?.sessions[guest] ?? ""
}

async function whoIs({ context }: Visitor): Promise<string> {
  const answer = await context.request.get(`${site.url}/api/auth/profile`)
  return (await answer.json()).user.email
}

function heading(page: Page, name: string) {
  return page.getByRole("heading", { level: 1, name, exact: true }).waitFor()
}
