import type { Browser as Chromium, Page } from "playwright-core"
import { afterAll, beforeAll, expect, test, vi } from "vitest"
import { createSession } from "~/domain/accounts/sessions.server"
import { fromNow } from "~/platform/clock.server"
import { db, transaction } from "~/platform/db.server"
import { newId } from "~/platform/ids.server"
import type { User } from "~/platform/models.server"
import { fixedKey } from "../support/authenticator"
import { buildCast, buildUser, day } from "../support/cast"
import { laptop } from "../support/passkey"
import { ensureBuilt } from "../support/process"
import { type Site, startSite } from "../support/site"
import { type Credential, VirtualAuthenticator } from "../support/virtual-authenticator"
import { launchChromium, mailedLink, type Visitor, visitor } from "../support/visitor"

/* The ceremonies of passkeys in a real browser, with the authenticator it plays itself. */

vi.setConfig({ testTimeout: 60_000, hookTimeout: 200_000 })

let site: Site
let sessions: Record<string, string>
let browser: Chromium
/** What the authenticator of Tess keeps, who has two-factor sign-in on and gave her last proof a day ago. */
let tessKey: Credential

beforeAll(async () => {
  ensureBuilt()
  browser = await launchChromium()
  const started = await startSite({ furnish })
  site = started
  sessions = started.furniture ?? {}
})
afterAll(async () => {
  await browser?.close()
  await site?.stop()
})

/** Bob's mail comes back, and he has a passkey from before the site moved. */
async function furnish() {
  const { alice, amir, bob, charlie } = await buildCast()
  const at = new Date()
  await db().suppression.create({ data: { email: bob.email, reason: "bounced", createdAt: at } })
  await db().passkey.create({
    data: {
      id: newId(),
      userId: bob.id,
      credentialId: "b2xkLWtleQ",
      publicKey: Buffer.from("key"),
      counter: 0,
      rpId: "old.example.com",
      name: "Old key",
      userAgent: laptop.userAgent,
      createdAt: at,
    },
  })
  const session = async (user: User) =>
    (await transaction(tx => createSession(tx, user.id, { method: "email" }, laptop))).token
  const tess = await buildUser(db(), { name: "Tess Tan", email: "tess@two-factors.test" })
  await db().totp.create({ data: { userId: tess.id, secret: "sealed", createdAt: at, confirmedAt: at } })
  const id = newId()
  await db().passkey.create({
    data: {
      id,
      userId: tess.id,
      credentialId: Buffer.from("tess").toString("base64url"),
      publicKey: new Uint8Array(fixedKey.publicKey),
      counter: 0,
      rpId: "localhost",
      name: "Key ring",
      userAgent: laptop.userAgent,
      createdAt: at,
    },
  })
  const tessSession = await session(tess)
  await db().session.updateMany({ where: { userId: tess.id }, data: { provenAt: fromNow(-day) } })
  tessKey = {
    credentialId: Buffer.from("tess").toString("base64"),
    isResidentCredential: true,
    rpId: "localhost",
    privateKey: fixedKey.privateKey,
    userHandle: Buffer.from(tess.id).toString("base64"),
    signCount: 1,
  }
  return {
    tess: tessSession,
    alice: await session(alice),
    amir: await session(amir),
    bob: await session(bob),
    charlie: await session(charlie),
  }
}

const come = (who?: string, javaScript = true) =>
  visitor(browser, {
    device: "desktop",
    baseURL: site.url,
    session: who && sessions[who],
    javaScript,
  })

/** Adds a passkey by hand, and answers what the authenticator keeps of it. The session has a new id from then on. */
async function addPasskey({ page, context }: Visitor, who: string, name: string): Promise<Credential> {
  const authenticator = await VirtualAuthenticator.in(page)
  await page.goto("/account/passkeys")
  await page.getByLabel("Name").fill(name)
  await page.getByRole("button", { name: "Add a passkey" }).click()
  await page.getByRole("row", { name }).waitFor()
  const [made] = await authenticator.credentials()
  if (!made) throw new Error("The authenticator keeps nothing.")
  const [cookie] = (await context.cookies()).filter(({ name }) => name === "gatehouse")
  sessions[who] = cookie?.value ?? ""
  return made
}

/** A guest whose authenticator keeps this passkey. */
async function guestWith(credential: Credential, { eager = true, signCount = credential.signCount } = {}) {
  const guest = await come()
  const authenticator = await VirtualAuthenticator.in(guest.page, { eager })
  await authenticator.keep(credential, signCount)
  return { ...guest, authenticator }
}

const inside = (page: Page, slug: string) => page.waitForURL(`**/o/${slug}`)

test("[S12] a passkey is added by name, and signs in from the list below the field, without a click", async () => {
  const alice = await come("alice")
  const credential = await addPasskey(alice, "alice", "Blue laptop")
  expect(credential).toMatchObject({ rpId: "localhost", isResidentCredential: true })
  const row = alice.page.getByRole("row", { name: "Blue laptop" })
  expect(await row.textContent()).toContain("Never")
  expect(alice.trouble()).toEqual([])

  const guest = await guestWith(credential)
  await guest.page.goto("/login")
  await inside(guest.page, "acme")
  expect(guest.trouble()).toEqual([])
  await guest.page.goto("/account/passkeys")
  await guest.page.getByRole("row", { name: "Blue laptop" }).getByText("just now").waitFor()
  await Promise.all([alice.close(), guest.close()])
})

test("[S12] the same device makes no second passkey, and says why", async () => {
  const charlie = await come("charlie")
  await addPasskey(charlie, "charlie", "First")
  await charlie.page.getByRole("button", { name: "Add a passkey" }).click()
  await charlie.page.getByText("already keeps a passkey of yours").waitFor()
  expect(await charlie.page.getByRole("row").count()).toBe(2)
  await charlie.close()
})

test("[S12] the button signs in by keyboard, and two tabs both finish", async () => {
  const amir = await come("amir")
  const credential = await addPasskey(amir, "amir", "Two tabs")
  const one = await guestWith(credential, { eager: false, signCount: 40 })
  const two = await guestWith(credential, { eager: false, signCount: 20 })
  for (const { page } of [one, two])
    await page.goto("/login?redirectTo=%2Fo%2Facme%2Fmembers", { waitUntil: "networkidle" })
  for (const { page, authenticator } of [two, one]) {
    await authenticator.touch()
    await page.getByRole("button", { name: "Sign in with a passkey" }).focus()
    await page.keyboard.press("Enter")
    await page.waitForURL("**/o/acme/members")
  }
  expect([...one.trouble(), ...two.trouble()]).toEqual([])
  await Promise.all([amir.close(), one.close(), two.close()])
})

test("[S12] a counter that goes backwards signs nobody in, and the owner hears of it", async () => {
  const alice = await come("alice")
  const credential = await addPasskey(alice, "alice", "Copied")
  const first = await guestWith(credential, { signCount: 50 })
  await first.page.goto("/login")
  await inside(first.page, "acme")
  const copy = await guestWith(credential, { signCount: 3 })
  await copy.page.goto("/login")
  await copy.page.getByText("a copy of it may exist").waitFor()
  expect((await copy.context.cookies()).map(({ name }) => name)).not.toContain("gatehouse")
  const mail = await site.mailbox.waitFor("alice@acme.test", ({ subject }) => subject.includes("refused"))
  expect(mail.text).toContain("Copied")
  await Promise.all([alice.close(), first.close(), copy.close()])
})

test("[S12] after the site has moved, an old passkey is listed as such; [S10] the last way in stays", async () => {
  const bob = await come("bob")
  await bob.page.goto("/account/passkeys")
  const old = bob.page.getByRole("row", { name: "Old key" })
  await old.getByText("old.example.com").waitFor()
  const credential = await addPasskey(bob, "bob", "New key")
  await bob.page.getByRole("link", { name: "Change New key" }).click()
  await bob.page.getByRole("button", { name: "Remove this passkey" }).click()
  await bob.page.getByText("the only way into your account").waitFor()
  await bob.page.getByRole("link", { name: "All passkeys" }).click()
  await bob.page.getByRole("link", { name: "Change Old key" }).click()
  await bob.page.getByRole("button", { name: "Remove this passkey" }).click()
  await bob.page.getByText("is removed").waitFor()
  expect(bob.trouble()).toEqual([])
  const guest = await guestWith(credential)
  await guest.page.goto("/login")
  await inside(guest.page, "acme")
  await Promise.all([bob.close(), guest.close()])
})

test("[S12] a passkey that was removed says so, and the page goes on by mail", async () => {
  const amir = await come("amir")
  const credential = await addPasskey(amir, "amir", "Gone")
  await amir.page.getByRole("link", { name: "Change Gone" }).click()
  await amir.page.getByRole("button", { name: "Remove this passkey" }).click()
  await amir.page.getByText("is removed").waitFor()
  const guest = await guestWith(credential)
  await guest.page.goto("/login")
  await guest.page.getByText("not known here").waitFor()
  expect(await guest.page.getByLabel("E-mail address").isEditable()).toBe(true)
  await Promise.all([amir.close(), guest.close()])
})

test("[S9] a passkey is the second step of a sign-in by mail", async () => {
  const tess = await come()
  const authenticator = await VirtualAuthenticator.in(tess.page, { eager: false })
  await authenticator.keep(tessKey, 10)
  const { link } = await mailedLink(tess, site.mailbox, "tess@two-factors.test")
  await tess.page.goto(link, { waitUntil: "commit" })
  await tess.page.waitForURL("**/login/second-factor")
  await authenticator.touch()
  await tess.page.getByRole("button", { name: /passkey/ }).click()
  await tess.page.waitForURL(({ pathname }) => !pathname.startsWith("/login"))
  expect(tess.trouble()).toEqual([])
  await tess.close()
})

test("[S5] a passkey proves anew who somebody is, and what they were about to do is done", async () => {
  const tess = await come("tess")
  const authenticator = await VirtualAuthenticator.in(tess.page)
  await authenticator.keep(tessKey, 100)
  await tess.page.goto("/account/passkeys")
  await tess.page.getByRole("link", { name: "Change Key ring" }).click()
  await tess.page.getByRole("button", { name: "Remove this passkey" }).click()
  await tess.page.getByText("Confirm that it is you").waitFor()
  const use = tess.page.getByRole("button", { name: "Use a passkey" })
  await use.click()
  await tess.page.getByRole("button", { name: "Use a passkey" }).click()
  await tess.page.getByText("is removed").waitFor()
  expect(tess.trouble()).toEqual([])
  await tess.close()
})

test("[L18] without JavaScript passkeys are not in the way", async () => {
  const guest = await come(undefined, false)
  await guest.page.goto("/login")
  expect(await guest.page.getByText("passkey").count()).toBe(0)
  const charlie = await come("charlie", false)
  await charlie.page.goto("/account/passkeys")
  expect(await charlie.page.content()).toContain("Adding a passkey needs JavaScript.")
  await Promise.all([guest.close(), charlie.close()])
})
