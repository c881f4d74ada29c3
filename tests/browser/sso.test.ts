import { afterAll, beforeAll, expect, test, vi } from "vitest"
import { db } from "~/platform/db.server"
import { type OpenId, startOpenId } from "../stand-ins/openid/openid"
import { buildCast, buildUser } from "../support/cast"
import { ensureBuilt } from "../support/process"
import { type Site, startSite } from "../support/site"
import { launchChromium, type Visitor, visitor } from "../support/visitor"

/* The way to a provider and back in a real browser and the production build, with and without JavaScript. */

vi.setConfig({ testTimeout: 120_000, hookTimeout: 200_000 })

let browser: Awaited<ReturnType<typeof launchChromium>>
let site: Site
let openId: OpenId

beforeAll(async () => {
  ensureBuilt()
  browser = await launchChromium()
  openId = await startOpenId({ name: "Lantern ID" })
  const { google, microsoft, oidc } = openId.settings
  site = await startSite({
    settings: { ...google, ...microsoft, ...oidc },
    furnish: async () => {
      await buildCast()
      await buildUser(db(), { name: "Quinn Quist", email: "quinn@acme.test" })
    },
  })
  for (const who of ["alice", "bob"]) {
    const email = `${who}@acme.test`
    openId.add("oidc", { sub: who, name: `${who} of Lantern`, email, email_verified: true })
    openId.add("google", { sub: `g-${who}`, name: `${who} of Google`, email: `${who}@private.test` })
  }
  for (const who of ["amir", "quinn"])
    openId.add("acme", { sub: who, name: `${who} of Microsoft`, preferred_username: `${who}@acme.test` })
})
afterAll(async () => {
  await browser?.close()
  await site?.stop()
  await openId?.stop()
})

const come = (javaScript: boolean) =>
  visitor(browser, { baseURL: site.url, device: javaScript ? "desktop" : "phone", javaScript })

async function whoIs({ page }: Visitor): Promise<string | undefined> {
  const answer = await page.request.get("/api/auth/profile")
  return answer.ok() ? (await answer.json()).user.email : undefined
}

for (const javaScript of [true, false]) {
  const how = javaScript ? "with JavaScript" : "without JavaScript"

  test(`[S13] someone comes in through a provider, connects another and disconnects it ${how}`, async () => {
    const who = javaScript ? "alice" : "bob"
    const guest = await come(javaScript)
    const { page, trouble } = guest
    await page.goto("/login?redirectTo=/account/connections")
    await page.getByRole("link", { name: "Continue with Lantern ID" }).click()
    await page.getByRole("button", { name: `${who} of Lantern` }).click()
    await page.getByRole("heading", { name: "Connected accounts" }).waitFor()
    expect(await whoIs(guest)).toBe(`${who}@acme.test`)
    expect(page.url()).toBe(`${site.url}/account/connections`)

    await page.getByRole("button", { name: "Connect Google" }).click()
    await page.getByRole("button", { name: `${who} of Google` }).click()
    await page.getByText("Google is connected.").waitFor()
    await page.getByRole("button", { name: `Disconnect Google, ${who}@private.test` }).click()
    await page.getByText("It is disconnected.").waitFor()
    expect(await page.getByRole("button", { name: /^Disconnect/ }).count()).toBe(1)
    expect(trouble()).toEqual([])
    await guest.close()
  })

  test(`[S13] Microsoft's word is followed by a mail, whose code connects ${how}`, async () => {
    const who = javaScript ? "amir" : "quinn"
    const guest = await come(javaScript)
    const { page, trouble } = guest
    const throughMicrosoft = async () => {
      await page.goto("/login")
      await page.getByRole("link", { name: "Continue with Microsoft" }).click()
      await page.getByRole("link", { name: "acme" }).click()
      await page.getByRole("button", { name: `${who} of Microsoft` }).click()
    }
    await throughMicrosoft()
    await page.getByRole("heading", { name: "One more step" }).waitFor()
    expect(await page.getByLabel("E-mail address").inputValue()).toBe(`${who}@acme.test`)
    await page.waitForTimeout(650)
    await page.getByRole("button", { name: "Send me a link and a code" }).click()
    const mail = await site.mailbox.waitFor(`${who}@acme.test`)
    await page.getByLabel("Code from the mail").fill(mail.code ?? "")
    await page.getByRole("button", { name: "Sign in", exact: true }).click()
    await page.waitForURL(url => !url.pathname.startsWith("/login"))
    await page.context().clearCookies()
    await throughMicrosoft()
    await page.waitForURL(url => url.origin === site.url && !url.pathname.startsWith("/login"))
    expect(await whoIs(guest)).toBe(`${who}@acme.test`)
    expect(trouble()).toEqual([])
    await guest.close()
  })
}

test("[S13] whoever goes back at the provider is told that nothing has happened", async () => {
  const guest = await come(true)
  await guest.page.goto("/login")
  await guest.page.getByRole("link", { name: "Continue with Lantern ID" }).click()
  await guest.page.getByRole("button", { name: "Go back" }).click()
  await guest.page.getByRole("heading", { name: "Nothing has happened" }).waitFor()
  await guest.page.getByRole("link", { name: "Back to sign-in" }).click()
  await guest.page.waitForURL("**/login")
  expect(guest.trouble()).toEqual([])
  await guest.close()
})
