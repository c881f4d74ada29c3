import { describe, expect, test } from "vitest"
import { isFresh, mailProofCode } from "~/domain/accounts/fresh-proof.server"
import { findSession, type SignedIn } from "~/domain/accounts/sessions.server"
import { keepPasswords, keptPasswords } from "~/http/kept-passwords.server"
import { db } from "~/platform/db.server"
import type { Browser } from "../support/browser"
import { minutes } from "../support/clock"
import { requester } from "../support/membership"
import { goodPassword, typePassword } from "../support/passwords"
import { heldFields, mailedProofCode, postWithProof, proofForm } from "../support/proof"
import { setUpWorld, signIn, type World, whoIs } from "../support/world"

const open = setUpWorld()

const transfer = "/o/acme/transfer"
const offer = { intent: "offer", address: "bob@acme.test" }

async function alice(world: World): Promise<Browser> {
  const browser = world.browser()
  await signIn(world, browser, "alice@acme.test")
  return browser
}

const tokenOf = (browser: Browser) => browser.cookies.get("gatehouse") ?? ""

function sessionOf(browser: Browser): SignedIn {
  const session = findSession(tokenOf(browser))
  if (!session) throw new Error("This browser is signed out.")
  return session
}

describe("fresh proof before sensitive acts", () => {
  test("[S5] within fifteen minutes of the sign-in nothing is asked, after them it is", async () => {
    const world = await open()
    const browser = await alice(world)
    world.clock.advance(minutes(14))
    expect((await browser.post(transfer, offer)).status).toBe(303)
    await browser.post(transfer, { intent: "take_back", offeredAt: await offeredAt() })
    world.clock.advance(minutes(2))
    const asked = await browser.post(transfer, offer)
    expect(asked.status).toBe(403)
    expect(proofForm(asked.body)).toContain("We have sent a code to a•••@a•••.test")
    expect(await db().ownershipTransfer.count()).toBe(0)
  })

  test("[S5] the code that is mailed lets exactly what was posted through, and turns the session's id", async () => {
    const world = await open()
    const browser = await alice(world)
    world.clock.advance(minutes(16))
    const before = tokenOf(browser)
    const asked = await browser.post(transfer, offer)
    expect(heldFields(asked.body)).toEqual(offer)
    expect(tokenOf(browser)).toBe(before)
    const code = await mailedProofCode(world, "alice@acme.test")
    const done = await browser.post(transfer, { ...heldFields(asked.body), proof_code: code })
    expect([done.status, done.location]).toEqual([303, transfer])
    expect(await db().ownershipTransfer.count()).toBe(1)
    expect(tokenOf(browser)).not.toBe(before)
    expect(await whoIs(browser)).toBe("alice@acme.test")
    expect(findSession(before)).toBeUndefined()
    expect(isFresh(sessionOf(browser))).toBe(true)
    const kinds = (await db().securityEvent.findMany({ where: { kind: "proof_given" } })).map(e => e.detail)
    expect(kinds).toEqual(["code"])
  })

  test("[S5] whatever the action answers after a proof, the page around it is that of the person", async () => {
    const world = await open()
    const browser = await alice(world)
    world.clock.advance(minutes(16))
    const refused = await postWithProof(
      world,
      browser,
      transfer,
      { intent: "offer", address: "no@body.test" },
      "alice@acme.test",
    )
    expect(refused.status).toBe(400)
    expect(refused.body).toContain("Alice Archer")
    expect(await whoIs(browser)).toBe("alice@acme.test")
  })

  test("[S5] a wrong code changes nothing and keeps what was typed; the fifth voids it", async () => {
    const world = await open()
    const browser = await alice(world)
    world.clock.advance(minutes(16))
    const before = tokenOf(browser)
    await browser.post(transfer, offer)
    const code = await mailedProofCode(world, "alice@acme.test")
    const wrong = code === "AAAAAA" ? "BBBBBB" : "AAAAAA"
    for (let i = 1; i <= 5; i++) {
      const refused = await browser.post(transfer, { ...offer, proof_code: wrong })
      expect(refused.status).toBe(403)
      expect(proofForm(refused.body)).toContain(i < 5 ? "not the code we sent" : "Too many wrong codes")
      expect(heldFields(refused.body)).toEqual(offer)
    }
    expect((await browser.post(transfer, { ...offer, proof_code: code })).status).toBe(403)
    expect(tokenOf(browser)).toBe(before)
    expect(await db().ownershipTransfer.count()).toBe(0)
    expect(await db().securityEvent.count({ where: { kind: "proof_refused" } })).toBe(6)
    const again = await browser.post(transfer, { ...offer, proof_way: "code" })
    expect(again.status).toBe(403)
    const fresh = await mailedProofCode(world, "alice@acme.test")
    expect((await browser.post(transfer, { ...offer, proof_code: fresh })).status).toBe(303)
  })

  test("[S5] ten wrong codes by one person, on whichever of their devices, and no more are taken", async () => {
    const world = await open()
    const devices = [await alice(world), await alice(world)]
    world.clock.advance(minutes(16))
    for (const browser of devices) {
      await browser.post(transfer, offer)
      for (let i = 0; i < 5; i++) await browser.post(transfer, { ...offer, proof_code: "AAAAAA" })
      world.clock.advance(minutes(1.1))
    }
    const [browser] = devices
    if (!browser) throw new Error("There are two devices.")
    await browser.post(transfer, { ...offer, proof_way: "code" })
    const code = await mailedProofCode(world, "alice@acme.test")
    const limited = await browser.post(transfer, { ...offer, proof_code: code })
    expect(proofForm(limited.body)).toMatch(/Too many tries. Try again in \d+ minutes/)
    world.clock.advance(minutes(16))
    expect((await postWithProof(world, browser, transfer, offer, "alice@acme.test")).status).toBe(303)
  })

  test("[S5] a code is good for its own session only, once, and for ten minutes", async () => {
    const world = await open()
    const browser = await alice(world)
    const other = await alice(world)
    world.clock.advance(minutes(16))
    await browser.post(transfer, offer)
    const code = await mailedProofCode(world, "alice@acme.test")
    const elsewhere = await other.post("/account/proof", { redirectTo: "/start", proof_code: code })
    expect(elsewhere.status).toBe(403)
    world.clock.advance(minutes(11))
    const late = await browser.post(transfer, { ...offer, proof_code: code })
    expect(proofForm(late.body)).toContain("has expired")
    await browser.post(transfer, { ...offer, proof_way: "code" })
    const fresh = await mailedProofCode(world, "alice@acme.test")
    expect((await browser.post(transfer, { ...offer, proof_code: fresh })).status).toBe(303)
    world.clock.advance(minutes(16))
    expect((await browser.post("/account/proof", { redirectTo: "/start", proof_code: fresh })).status).toBe(
      403,
    )
  })

  test("[S5] one code posted twice at once proves once: one of the two goes on", async () => {
    const world = await open()
    const browser = await alice(world)
    world.clock.advance(minutes(16))
    await browser.post(transfer, offer)
    const proof_code = await mailedProofCode(world, "alice@acme.test")
    const post = () => browser.post("/account/proof", { redirectTo: "/start", proof_code })
    const statuses = (await Promise.all([post(), post()])).map(visit => visit.location ?? visit.status)
    expect(statuses.filter(one => one === "/start")).toHaveLength(1)
    expect(await db().securityEvent.count({ where: { kind: "proof_given" } })).toBe(1)
  })

  test("[S5] a second mail is not sent within the minute, and six an hour are enough", async () => {
    const world = await open()
    const browser = await alice(world)
    world.clock.advance(minutes(16))
    for (let i = 0; i < 3; i++) await browser.post(transfer, offer)
    await world.settle()
    const mails = () =>
      world.mailbox.messages("alice@acme.test").filter(mail => mail.subject.startsWith("Your code"))
    expect(mails()).toHaveLength(1)
    const session = sessionOf(browser)
    for (let i = 0; i < 5; i++) {
      world.clock.advance(minutes(1.1))
      expect((await mailProofCode(session, requester)).ok).toBe(true)
    }
    world.clock.advance(minutes(1.1))
    const refused = await browser.post(transfer, offer)
    expect(proofForm(refused.body)).toContain("Too many codes were asked for")
    await world.settle()
    expect(mails()).toHaveLength(6)
  })

  test("[L9] no code stands in the database, nor in the log, and the mail's row holds none", async () => {
    const world = await open()
    const browser = await alice(world)
    world.clock.advance(minutes(16))
    await browser.post(transfer, offer)
    const code = await mailedProofCode(world, "alice@acme.test")
    const rows = JSON.stringify([await db().proofCode.findMany(), await db().mail.findMany()])
    expect(rows).not.toContain(code)
    expect(JSON.stringify(world.log.records)).not.toContain(code)
  })

  test("[S5] a guest and a stranger are asked for nothing: they do not get there", async () => {
    const world = await open()
    const guest = world.browser()
    expect((await guest.post(transfer, { ...offer, proof_code: "AAAAAA" })).location).toBe("/login")
    const charlie = world.browser()
    await signIn(world, charlie, "charlie@birch.test")
    world.clock.advance(minutes(16))
    expect((await charlie.post(transfer, offer)).status).toBe(404)
    expect(await db().proofCode.count()).toBe(0)
  })
})

describe("proof apart", () => {
  test("[S5] the page asks, mails nothing by itself, and leads back to where it was asked for", async () => {
    const world = await open()
    const browser = await alice(world)
    expect((await browser.get("/account/proof?redirectTo=/o/acme/members")).location).toBe("/o/acme/members")
    world.clock.advance(minutes(16))
    const page = await browser.get("/account/proof?redirectTo=/o/acme/members")
    expect(page.status).toBe(200)
    expect(heldFields(page.body)).toEqual({ redirectTo: "/o/acme/members" })
    expect(await db().proofCode.count()).toBe(0)
    const asked = await browser.post("/account/proof", { ...heldFields(page.body), proof_way: "code" })
    const proof_code = await mailedProofCode(world, "alice@acme.test")
    const done = await browser.post("/account/proof", { ...heldFields(asked.body), proof_code })
    expect(done.location).toBe("/o/acme/members")
  })

  test("[L15] it leads inside only", async () => {
    const world = await open()
    const browser = await alice(world)
    for (const foreign of ["//evil.test", "https://evil.test", "/\\evil.test", "javascript:alert(1)"]) {
      const page = await browser.get(`/account/proof?redirectTo=${encodeURIComponent(foreign)}`)
      expect(page.location, foreign).toBe("/account/profile")
      const posted = await browser.post("/account/proof", { redirectTo: foreign })
      expect(posted.location, foreign).toBe("/account/profile")
    }
  })
})

describe("passwords of a form that waits for proof", () => {
  const place = { sessionId: "one", path: "/account/password" }

  test("[S5] they are kept sealed for half an hour, and what was not sealed here is nothing", async () => {
    const world = await open()
    const kept = keepPasswords(place, [
      ["password", "correct horse"],
      ["name", "Alice"],
    ])
    if (!kept) throw new Error("Nothing was kept.")
    expect(kept).not.toContain("correct horse")
    expect(keptPasswords(place, kept)).toEqual([["password", "correct horse"]])
    expect(keptPasswords({ ...place, sessionId: "two" }, kept)).toEqual([])
    expect(keptPasswords({ ...place, path: "/login/password" }, kept)).toEqual([])
    expect(keptPasswords(place, `${kept.slice(0, -4)}AAAA`)).toEqual([])
    expect(keptPasswords(place, "nonsense")).toEqual([])
    expect(keepPasswords(place, [["name", "Alice"]])).toBeUndefined()
    world.clock.advance(minutes(31))
    expect(keptPasswords(place, kept)).toEqual([])
  })

  test("[S5] kept, a password is worth nothing on another form, in another session or without one", async () => {
    const world = await open()
    world.settings({ LIMIT_LINKS_PER_CLIENT: "100" })
    const page = "/account/password"
    const email = "alice@acme.test"
    const browser = await alice(world)
    const other = await alice(world)
    world.clock.advance(minutes(16))
    const asked = await browser.post(page, { intent: "set", password: goodPassword })
    const held = heldFields(asked.body)
    expect(held.proof_kept).toBeTruthy()
    const elsewhere = await other.post(page, held)
    expect([elsewhere.status, proofForm(elsewhere.body)]).toEqual([400, ""])
    const proof_code = await mailedProofCode(world, email)
    expect((await browser.post(page, { ...held, proof_code })).location).toBe(page)
    const byBlob = { email, proof_kept: held.proof_kept ?? "" }
    expect((await world.browser().post("/login/password", byBlob)).status).toBe(400)
    expect((await browser.post("/login/password", byBlob)).status).toBe(400)
    expect((await typePassword(world.browser(), email, goodPassword)).status).toBe(303)
  })
})

async function offeredAt(): Promise<string> {
  const { createdAt } = await db().ownershipTransfer.findFirstOrThrow()
  return String(+createdAt)
}
