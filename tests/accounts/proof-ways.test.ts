import { describe, expect, test } from "vitest"
import { giveProof, type ProofGiven, waysToProve } from "~/domain/accounts/fresh-proof.server"
import { proofOptions } from "~/domain/accounts/passkey-options.server"
import { hashPassword } from "~/domain/accounts/password-hashing.server"
import { findSession, type SignedIn } from "~/domain/accounts/sessions.server"
import { now } from "~/platform/clock.server"
import { db } from "~/platform/db.server"
import { Authenticator } from "../support/authenticator"
import type { Browser } from "../support/browser"
import { minutes } from "../support/clock"
import { requester } from "../support/membership"
import { givePasskey } from "../support/passkey"
import { heldFields, proofForm } from "../support/proof"
import { withTwoFactor, wrongCode } from "../support/two-factor"
import { setUpWorld, signIn, type World } from "../support/world"

const open = setUpWorld()
const offer = { intent: "offer", address: "bob@acme.test" }

async function alice(world: World): Promise<Browser> {
  const browser = world.browser()
  await signIn(world, browser, "alice@acme.test")
  world.clock.advance(minutes(16))
  return browser
}

function sessionOf(browser: Browser): SignedIn {
  const session = findSession(browser.cookies.get("gatehouse") ?? "")
  if (!session) throw new Error("This browser is signed out.")
  return session
}

async function withPassword(userId: string, password: string) {
  const hash = await hashPassword(password)
  if (!hash.ok) throw new Error(hash.error)
  await db().password.create({ data: { userId, hash: hash.value, changedAt: now() } })
}

const give = async (session: SignedIn, given: ProofGiven) => {
  const taken = await giveProof(session, given, requester)
  return taken.ok ? "right" : taken.error.why
}

describe("the ways to prove it", () => {
  test("[S5] someone without anything else gets a code, someone with a password may type it", async () => {
    const world = await open()
    const browser = await alice(world)
    expect(await waysToProve(sessionOf(browser))).toEqual(["code"])
    await withPassword(world.cast.alice.id, "correct horse battery")
    expect(await waysToProve(sessionOf(browser))).toEqual(["code", "password"])
    const asked = await browser.post("/o/acme/transfer", { ...offer, proof_way: "password" })
    expect(proofForm(asked.body)).toContain('name="proof_password"')
    const wrong = await browser.post("/o/acme/transfer", { ...offer, proof_password: "battery horse" })
    expect(proofForm(wrong.body)).toContain("That is not your password")
    expect(heldFields(wrong.body)).toEqual(offer)
    expect(wrong.body).not.toContain("battery horse")
    const right = { ...offer, proof_password: "correct horse battery" }
    expect((await browser.post("/o/acme/transfer", right)).status).toBe(303)
  })

  test("[S5] where passwords are off, theirs proves nothing", async () => {
    const world = await open()
    const browser = await alice(world)
    await withPassword(world.cast.alice.id, "correct horse battery")
    world.settings({ PASSWORDS: "off" })
    const session = sessionOf(browser)
    expect(await waysToProve(session)).toEqual(["code"])
    expect(await give(session, { way: "password", value: "correct horse battery" })).toBe("none")
  })

  test("[S9] with two-factor sign-in on only the second factor counts: not the mailbox, not the password", async () => {
    const world = await open()
    const browser = await alice(world)
    await withPassword(world.cast.alice.id, "correct horse battery")
    const app = await withTwoFactor(world.cast.alice.id)
    const session = sessionOf(browser)
    expect(await waysToProve(session)).toEqual(["totp"])
    const asked = await browser.post("/o/acme/transfer", { ...offer, proof_way: "code" })
    expect(proofForm(asked.body)).toContain("authenticator app")
    expect(await db().proofCode.count()).toBe(0)
    expect(await give(session, { way: "password", value: "correct horse battery" })).toBe("none")
    expect(await give(session, { way: "code", value: "AAAAAA" })).toBe("none")
    expect(await give(session, { way: "totp", value: wrongCode(app) })).toBe("wrong")
    const done = await browser.post("/o/acme/transfer", { ...offer, proof_totp: app.code() })
    expect(done.status).toBe(303)
    expect(sessionOf(browser).twoFactors).toBe(true)
  })

  test("[S8] a code of the app proves once, of two at the same time one", async () => {
    const world = await open()
    const browser = await alice(world)
    const app = await withTwoFactor(world.cast.alice.id)
    const session = sessionOf(browser)
    const given = { way: "totp", value: app.code() } as const
    const outcomes = await Promise.all([give(session, given), give(session, given), give(session, given)])
    expect(outcomes.sort()).toEqual(["right", "used", "used"])
  })

  test("[S9] a recovery code stands in for the app, once, and the person is told", async () => {
    const world = await open()
    const browser = await alice(world)
    const { recoveryCodes } = await withTwoFactor(world.cast.alice.id)
    const [value = ""] = recoveryCodes
    const session = sessionOf(browser)
    expect(await give(session, { way: "totp", value })).toBe("right")
    expect(await give(session, { way: "totp", value })).toBe("used")
    await world.settle()
    expect(world.mailbox.latestTo("alice@acme.test").subject).toBe("A recovery code was used")
  })

  test("[S8] ten wrong codes of the app, and no more are taken for a while", async () => {
    const world = await open()
    const browser = await alice(world)
    const app = await withTwoFactor(world.cast.alice.id)
    const session = sessionOf(browser)
    for (let i = 0; i < 10; i++)
      expect(await give(session, { way: "totp", value: wrongCode(app) })).toBe("wrong")
    expect(await give(session, { way: "totp", value: app.code() })).toBe("limited")
    expect(await give(session, { way: "totp", value: app.code() })).toBe("limited")
    await world.settle()
    const told = world.mailbox
      .messages("alice@acme.test")
      .filter(mail => mail.subject.includes("wrong codes"))
    expect(told).toHaveLength(1)
  })

  test("[S12] a passkey proves it, with a challenge of its own that counts once, and counts as two factors", async () => {
    const world = await open()
    const authenticator = new Authenticator(world.url)
    await givePasskey(world.cast.alice, authenticator)
    const browser = await alice(world)
    const session = sessionOf(browser)
    expect(await waysToProve(session)).toEqual(["code", "passkey"])
    const asked = await browser.post("/o/acme/transfer", { ...offer, proof_way: "passkey" })
    expect(asked.body).toContain("A passkey needs JavaScript. Choose another way.")
    const value = JSON.stringify(authenticator.get(await proofOptions(session.userId)))
    const done = await browser.post("/o/acme/transfer", { ...offer, proof_passkey: value })
    expect(done.status).toBe(303)
    expect(sessionOf(browser).twoFactors).toBe(true)
    expect(await give(sessionOf(browser), { way: "passkey", value })).toBe("wrong")
    const theirs = JSON.stringify(authenticator.get(await proofOptions(world.cast.bob.id)))
    expect(await give(sessionOf(browser), { way: "passkey", value: theirs })).toBe("wrong")
  })

  test("[S5] someone whom nothing reaches is led to sign in again", async () => {
    const world = await open()
    const browser = await alice(world)
    await db().suppression.create({ data: { email: "alice@acme.test", reason: "bounce", createdAt: now() } })
    const asked = await browser.post("/o/acme/transfer", offer)
    expect(proofForm(asked.body)).toContain("/login?again=1&amp;redirectTo=%2Fo%2Facme%2Ftransfer")
    expect(await db().proofCode.count()).toBe(0)
  })
})
