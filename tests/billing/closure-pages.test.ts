import { expect, test } from "vitest"
import { followClosings } from "~/domain/billing/closing-round.server"
import { db } from "~/platform/db.server"
import type { Browser } from "../support/browser"
import { buildMembership } from "../support/cast"
import { days } from "../support/clock"
import { sellPlan } from "../support/plan"
import { type BillingWorld, setUpBillingWorld } from "../support/stripe"
import { signIn } from "../support/world"

const world = setUpBillingWorld()
const textOf = (page: string) => page.replaceAll("<!-- -->", "").replace(/<script[\s\S]*?<\/script>/g, "")

async function as(w: BillingWorld, email: string): Promise<Browser> {
  const browser = w.browser()
  await signIn(w, browser, email)
  w.mailbox.clear()
  return browser
}

test("[O11] only owners come to these pages, and nobody else finds a way there", async () => {
  const w = await world()
  const amir = await as(w, "amir@acme.test")
  const charlie = await as(w, "charlie@birch.test")
  for (const path of ["/o/acme/closure", "/o/acme/settings/danger", "/o/acme/export.json"]) {
    expect((await amir.get(path)).status, path).toBe(403)
    expect((await charlie.get(path)).status, path).toBe(404)
  }
  const posts = { intent: "close", name: "Acme" }
  expect((await amir.post("/o/acme/closure", posts)).status).toBe(403)
  expect((await charlie.post("/o/acme/closure", posts)).status).toBe(404)
  expect((await amir.get("/o/acme/settings")).body).not.toContain("/settings/danger")
  expect(await db().organization.count({ where: { closeRequestedAt: { not: null } } })).toBe(0)
})

test("[O11] the page says what happens, and asks for the name", async () => {
  const w = await world()
  await sellPlan(w, { organization: w.cast.acme, owner: w.cast.alice })
  const alice = await as(w, "alice@acme.test")
  expect((await alice.get("/o/acme/settings")).body).toContain("/o/acme/settings/danger")
  const danger = await alice.get("/o/acme/settings/danger")
  for (const way of ["/o/acme/transfer", "/o/acme/export.json", "/o/acme/closure"])
    expect(danger.body).toContain(`href="${way}"`)
  const page = textOf((await alice.get("/o/acme/closure")).body)
  for (const words of ["It is paid until", "For 30 days", "Only the numbers of its invoices"])
    expect(page).toContain(words)
  const empty = await alice.post("/o/acme/closure", { intent: "close", name: "" })
  expect([empty.status, textOf(empty.body).includes("Type the name of the organisation.")]).toEqual([
    400,
    true,
  ])
  const wrong = await alice.post("/o/acme/closure", { intent: "close", name: "Birch" })
  expect(wrong.status).toBe(400)
  expect(textOf(wrong.body)).toContain("This is not the name. Type Acme, as it is written here.")
  expect(wrong.body).toContain('value="Birch"')
  expect((await alice.post("/o/acme/closure", { intent: "explode" })).status).toBe(400)
  expect(await db().organization.count({ where: { closeRequestedAt: { not: null } } })).toBe(0)
})

test("[O11] closed and restored without JavaScript, page by page", async () => {
  const w = await world()
  await sellPlan(w, { organization: w.cast.acme, owner: w.cast.alice })
  const alice = await as(w, "alice@acme.test")
  const bob = await as(w, "bob@acme.test")
  const closed = await alice.post("/o/acme/closure", { intent: "close", name: "  Acme " })
  expect([closed.status, closed.location]).toEqual([303, "/o/acme/closure"])
  expect(textOf((await alice.get("/o/acme/closure")).body)).toContain("Acme is being closed.")
  expect((await bob.get("/o/acme")).status).toBe(200)
  await w.settle()

  expect((await bob.get("/o/acme")).status).toBe(403)
  const page = textOf((await alice.get("/o/acme/closure")).body)
  for (const words of ["Acme is closed", "Restore Acme", "The plan will go on, too."])
    expect(page).toContain(words)
  expect((await alice.get("/o/acme/settings/danger")).status).toBe(200)
  expect((await alice.get("/o/acme/export.json")).status).toBe(200)

  const restored = await alice.post("/o/acme/closure", { intent: "reopen" })
  expect([restored.status, restored.location]).toEqual([303, "/o/acme"])
  expect(textOf((await alice.get("/o/acme")).body)).toContain("Acme is open again. The plan goes on.")
  expect((await bob.get("/o/acme")).status).toBe(200)
  await w.settle()
  expect((await db().subscription.findFirstOrThrow()).cancelAt).toBeNull()
})

test("[O11] while it waits every page tells the owners, and them alone; they can call it off", async () => {
  const w = await world()
  await sellPlan(w, { organization: w.cast.acme, owner: w.cast.alice })
  const alice = await as(w, "alice@acme.test")
  const amir = await as(w, "amir@acme.test")
  await w.stripe.fault({ kind: "429", times: null })
  await alice.post("/o/acme/closure", { intent: "close", name: "Acme" })
  await w.settle()
  for (const path of ["/o/acme", "/o/acme/members", "/o/acme/billing"]) {
    expect(textOf((await alice.get(path)).body), path).toContain("The payment provider is busy.")
    const theirs = await amir.get(path)
    expect([theirs.status, theirs.body.includes("being closed")], path).toEqual([200, false])
  }
  const page = textOf((await alice.get("/o/acme/closure")).body)
  for (const words of ["It waits for the payment provider", "next at about", "Call it off"])
    expect(page).toContain(words)
  expect((await alice.get("/pricing?org=acme")).status).toBe(200)
  const buying = await alice.get("/checkout?plan=starter&org=acme")
  expect([buying.status, textOf(buying.body).includes("Acme is being closed.")]).toEqual([409, true])
  const off = await alice.post("/o/acme/closure", { intent: "reopen" })
  expect([off.status, off.location]).toEqual([303, "/o/acme"])
  expect(textOf((await alice.get("/o/acme")).body)).toContain("Acme stays open.")
  expect((await alice.get("/o/acme")).body).not.toContain("The payment provider")
  await w.stripe.clearFaults()
  await followClosings()
  await w.settle()
  expect(w.mailbox.messages()).toEqual([])
})

test("[O11] after the grace the page says that it is too late, then there is none", async () => {
  const w = await world()
  const alice = await as(w, "alice@acme.test")
  await alice.post("/o/acme/closure", { intent: "close", name: "Acme" })
  await w.settle()
  w.clock.advance(days(31))
  await db().session.updateMany({ data: { lastSeenAt: new Date(Date.now() + days(31)) } })
  expect(textOf((await alice.get("/o/acme/closure")).body)).toContain("Acme is being erased")
  const late = await alice.post("/o/acme/closure", { intent: "reopen" })
  expect(late.location).toBe("/o/acme/closure")
  expect(textOf((await alice.get("/o/acme/closure")).body)).toContain("It cannot be restored any more.")
  await followClosings()
  await w.settle()
  expect((await alice.get("/o/acme/closure")).status).toBe(404)
  expect((await alice.get("/start")).status).toBe(200)
})

test("[O8] of two owners either restores what the other has closed", async () => {
  const w = await world()
  await buildMembership(db(), { user: w.cast.charlie, organization: w.cast.acme, role: "owner" })
  const alice = await as(w, "alice@acme.test")
  const charlie = await as(w, "charlie@birch.test")
  await alice.post("/o/acme/closure", { intent: "close", name: "Acme" })
  await w.settle()
  w.mailbox.clear()
  expect((await charlie.post("/o/acme/closure", { intent: "reopen" })).location).toBe("/o/acme")
  await w.settle()
  expect(w.mailbox.messages().map(mail => mail.to.join())).toEqual(["alice@acme.test", "charlie@birch.test"])
  expect(w.mailbox.latestTo("alice@acme.test").text).toContain("Charlie Chen restored Acme")
})
