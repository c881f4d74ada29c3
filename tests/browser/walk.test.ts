import type { Browser as Chromium } from "playwright-core"
import { afterAll, beforeAll, expect, test, vi } from "vitest"
import { ensureBuilt } from "../support/process"
import { type Site, startSite } from "../support/site"
import {
  type Device,
  launchChromium,
  mailedLink,
  navigate,
  signOut,
  type Visitor,
  visitor,
} from "../support/visitor"

/* The whole way of a new customer, and of every later day, in a real browser against the built server. */

vi.setConfig({ testTimeout: 180_000, hookTimeout: 200_000 })

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

type Way = { device: Device; javaScript: boolean; business: string; buyer: string; guest: string }

const ways: Way[] = [
  {
    device: "phone",
    javaScript: true,
    business: "Dora & Daughters",
    buyer: "dora@daughters.test",
    guest: "gil@daughters.test",
  },
  {
    device: "desktop",
    javaScript: true,
    business: "Ebb Tide",
    buyer: "ebba@tide.test",
    guest: "gus@tide.test",
  },
  {
    device: "phone",
    javaScript: false,
    business: "Fern Works",
    buyer: "fern@works.test",
    guest: "gwen@works.test",
  },
]

for (const way of ways) {
  const how = `${way.device}, JavaScript ${way.javaScript ? "on" : "off"}`
  test.concurrent(`${way.javaScript ? "[B1]" : "[L18]"} the whole way of a new customer: ${how}`, async ({
    expect,
  }) => {
    const buyer = await visitor(browser, { ...way, baseURL: site.url })
    const guest = await visitor(browser, { ...way, baseURL: site.url })
    await buyAPlan(buyer, way)
    await activate(buyer, way)
    await setUp(buyer, way)
    await acceptInvitation(guest, way)
    await lookAround(buyer, way)
    await openPortal(buyer)
    await signOut(buyer)
    await signInByLink(buyer, way)
    await signOut(buyer)
    await signInByCode(buyer, way)
    await endOtherDevices(buyer, way)
    expect([...buyer.trouble(), ...guest.trouble()]).toEqual([])
    await Promise.all([buyer.close(), guest.close()])
  })
}

/** [B1] A stranger picks a plan and pays on Stripe's page. */
async function buyAPlan({ page }: Visitor, way: Way) {
  await page.goto("/pricing")
  await page.getByRole("link", { name: "Choose Professional" }).click()
  await page.getByLabel("Business name").fill(way.business)
  await page.getByLabel("E-mail address").fill(way.buyer)
  await page.getByRole("button", { name: "Continue to payment" }).click()
  await page.waitForURL(`${site.stripe.url}/**`)
  expect(await page.getByLabel("E-mail").inputValue()).toBe(way.buyer)
  await page.getByRole("button", { name: /with the test card/ }).click()
  await page.waitForURL("**/onboarding/pending?session_id=*")
  await heading(page, "Check your mail")
  expect(await cookieNames(page)).not.toContain("gatehouse")
}

/** [B3] One mail; its link asks for a name and lets in. */
async function activate({ page }: Visitor, way: Way) {
  const mail = await site.mailbox.waitFor(way.buyer)
  expect(site.mailbox.messages(way.buyer)).toHaveLength(1)
  await page.goto(mail.link)
  await heading(page, `Welcome to ${way.business}`)
  await page.getByLabel("Your name").fill("Dana Doyle")
  await page.getByRole("button", { name: "Start" }).click()
}

/** [N1] Confirms the name, invites somebody, makes the first API key, and the lamp is lit. */
async function setUp({ page }: Visitor, way: Way) {
  await heading(page, "Is this your organisation’s name?")
  await page.getByRole("button", { name: "That is right" }).click()
  await heading(page, "Who works with you?")
  await page.getByLabel("E-mail addresses").fill(way.guest)
  await page.getByRole("button", { name: "Send invitations" }).click()
  await heading(page, "Create your first API key")
  await page.getByText("Invited", { exact: true }).waitFor()
  await page.getByRole("link", { name: "Create a key" }).click()
  await page.getByLabel("Name", { exact: true }).fill("Nightly export")
  await page.getByRole("checkbox", { name: "List the people" }).check()
  await page.getByRole("button", { name: "Create the key" }).click()
  await page.getByText("You see it now and never again").waitFor()
  await page.getByRole("link", { name: "I have kept it" }).click()
  await heading(page, "The lamp is lit")
  await page.getByRole("link", { name: "Open the overview" }).click()
  await heading(page, way.business)
}

/** [O3] Another browser opens the invitation and is a member. */
async function acceptInvitation({ page }: Visitor, way: Way) {
  const mail = await site.mailbox.waitFor(way.guest)
  await page.goto(mail.link)
  await heading(page, `Join ${way.business}`)
  await page.getByLabel("Your name").fill("Gale Green")
  await page.getByRole("button", { name: "Accept invitation" }).click()
  await heading(page, way.business)
}

/** Members, an invitation by address, roles, billing. */
async function lookAround(visitor: Visitor, way: Way) {
  const { page } = visitor
  await navigate(visitor, "Members")
  await heading(page, "Members")
  await page.getByText("Gale Green").locator("visible=true").waitFor()
  await page.getByRole("link", { name: "Invite people" }).click()
  await page.getByLabel("E-mail addresses").fill(`second-${way.guest}, nonsense`)
  await page.getByText("Admin", { exact: true }).click()
  await page.getByRole("button", { name: "Send invitations" }).click()
  await page.getByText("Not an address").waitFor()
  await page.getByText("Invited", { exact: true }).waitFor()
  const mail = await site.mailbox.waitFor(`second-${way.guest}`)
  expect(mail.subject).toContain(way.business)
  await navigate(visitor, "Roles")
  await heading(page, "Who may do what")
  await navigate(visitor, "Billing")
  await heading(page, "Billing")
  await page.getByText("Professional", { exact: true }).waitFor()
}

/** [B10] Stripe's portal, and back. */
async function openPortal({ page }: Visitor) {
  await page.getByRole("button", { name: "Manage plan and payment" }).click()
  await page.waitForURL(`${site.stripe.url}/**`)
  await page.getByRole("link", { name: /Return to/ }).click()
  await heading(page, "Billing")
}

/** [L3] In the browser that asked the link signs in by itself; without JavaScript by its button. */
async function signInByLink(visitor: Visitor, way: Way) {
  const { page } = visitor
  const { link } = await mailedLink(visitor, site.mailbox, way.buyer)
  await page.goto(link, { waitUntil: "commit" })
  if (!way.javaScript) await page.getByRole("button", { name: /^Sign in as/ }).click()
  await heading(page, way.business)
}

/** [L4] The code of the mail, typed as people do. */
async function signInByCode(visitor: Visitor, way: Way) {
  const { page } = visitor
  const { code } = await mailedLink(visitor, site.mailbox, way.buyer)
  await page.getByLabel("Code from the mail").fill(`${code.slice(0, 3)} ${code.slice(3)}`.toLowerCase())
  await page.getByRole("button", { name: "Sign in", exact: true }).click()
  await heading(page, way.business)
}

/** [S3] The devices page shows this one; a second sign-in shows up there and is ended from here. */
async function endOtherDevices(visitor_: Visitor, way: Way) {
  const { page } = visitor_
  const other = await visitor(browser, { ...way, device: "desktop", baseURL: site.url })
  await signInByCode(other, way)
  await page.goto("/account/devices")
  await page.getByText("This device").locator("visible=true").waitFor()
  await page.getByRole("button", { name: "Sign out all others" }).click()
  await page.getByText("All other devices are signed out.").waitFor()
  await other.page.goto("/account/devices")
  await other.page.waitForURL("**/login?*")
  expect(other.trouble()).toEqual([])
  await other.close()
}

test.concurrent("[R2] the operator comes in by the link the first start printed, and sees the desk", async ({
  expect,
}) => {
  const link = /^http\S+\/setup\?token=\S+$/m.exec(site.server.logs())?.[0] ?? ""
  const operator = await visitor(browser, { device: "desktop", baseURL: site.url })
  const { page } = operator
  await page.goto(link)
  await page.getByLabel("Your name").fill("Olive Ortega")
  await page.getByLabel("E-mail address").fill("olive@gatehouse.test")
  await page.getByRole("button", { name: "Become the operator" }).click()
  await heading(page, "State")
  await page.getByRole("button", { name: "Send me a test mail" }).click()
  await page.getByText("Sent to olive@gatehouse.test").waitFor()
  expect((await site.mailbox.waitFor("olive@gatehouse.test")).subject).not.toBe("")
  await navigate(operator, "Billing events")
  await heading(page, "Billing events")
  expect(operator.trouble()).toEqual([])
  await page.goto(link)
  await heading(page, "There is nothing here")
  await operator.close()
})

test.concurrent("[B1] the waiting page goes on when the payment arrives, with JavaScript and without", async ({
  expect,
}) => {
  const paying = await visitor(browser, { device: "desktop", baseURL: site.url })
  await paying.page.goto("/checkout?plan=starter&interval=month")
  await paying.page.getByLabel("Business name").fill("Slow Boat")
  await paying.page.getByLabel("E-mail address").fill("sol@boat.test")
  await paying.page.getByRole("button", { name: "Continue to payment" }).click()
  await paying.page.waitForURL(`${site.stripe.url}/**`)
  const session = new URL(paying.page.url()).pathname.split("/").at(-1) ?? ""
  const plain = await visitor(browser, { device: "phone", javaScript: false, baseURL: site.url })
  for (const { page } of [paying, plain]) {
    await page.goto(`/onboarding/pending?session_id=${session}`)
    await heading(page, "Waiting for the payment")
  }
  await site.stripe.completeCheckout({ session })
  await heading(paying.page, "Check your mail")
  await heading(plain.page, "Check your mail")
  expect([...paying.trouble(), ...plain.trouble()]).toEqual([])
  await Promise.all([paying.close(), plain.close()])
})

function heading(page: Visitor["page"], name: string) {
  return page.getByRole("heading", { level: 1, name, exact: true }).waitFor()
}

async function cookieNames(page: Visitor["page"]) {
  return (await page.context().cookies(site.url)).map(cookie => cookie.name)
}
