import { expect, test } from "vitest"
import { resetTwoFactor } from "~/domain/organizations/reset-two-factor.server"
import { db } from "~/platform/db.server"
import { minutes } from "../support/clock"
import { requester } from "../support/membership"
import { withTwoFactor } from "../support/two-factor"
import { confirm, mailedLink, setUpWorld, signIn, type World, whoIs } from "../support/world"

const open = setUpWorld()
const page = (world: World, who: "bob" | "olive") => `/admin/people/${world.cast[who].id}`
const reset = { intent: "reset_two_factor" }

test("[S4] an operator resets two-factor sign-in: told, written down, everything ends, and one step signs in again", async () => {
  const world = await open()
  const bob = world.browser()
  await signIn(world, bob, "bob@acme.test")
  await withTwoFactor(world.cast.bob.id)
  const waiting = world.browser()
  const { link } = await mailedLink(world, waiting, "bob@acme.test")
  await confirm(waiting, link)
  const olive = world.browser()
  await signIn(world, olive, "olive@gatehouse.test")
  expect((await olive.get(page(world, "bob"))).body).toContain("Reset two-factor sign-in")
  world.mailbox.clear()

  const done = await olive.post(page(world, "bob"), reset)
  expect(done.location).toBe(page(world, "bob"))
  const after = await olive.get(page(world, "bob"))
  expect(after.body).toContain("Bob Berger signs in by one step again")
  expect(after.body).not.toContain("Reset two-factor sign-in")
  expect(await whoIs(bob)).toBeUndefined()
  expect((await waiting.get("/login/second-factor")).status).toBe(410)
  expect([await db().totp.count(), await db().recoveryCode.count()]).toEqual([0, 0])
  await world.settle()
  const [mail, ...others] = world.mailbox.messages()
  expect([mail?.to, mail?.subject, others]).toEqual([
    ["bob@acme.test"],
    "Two-factor sign-in was reset by an operator",
    [],
  ])
  expect(mail?.text).not.toContain("127.0.0")
  expect(await db().auditEntry.findMany({ select: { act: true, actorUserId: true, target: true } })).toEqual([
    { act: "person.two_factor_reset", actorUserId: world.cast.olive.id, target: world.cast.bob.id },
  ])
  await signIn(world, world.browser(), "bob@acme.test")
})

test("[S5] the reset asks the operator for fresh proof", async () => {
  const world = await open()
  await withTwoFactor(world.cast.bob.id)
  const olive = world.browser()
  await signIn(world, olive, "olive@gatehouse.test")
  world.clock.advance(minutes(16))
  const asked = await olive.post(page(world, "bob"), reset)
  expect([asked.status, asked.body.includes("Confirm that it is you")]).toEqual([403, true])
  expect(await db().totp.count()).toBe(1)
})

test("[D1] nobody resets their own there, a member nobody's, and a former operator no more", async () => {
  const world = await open()
  for (const who of ["bob", "olive"] as const) await withTwoFactor(world.cast[who].id)
  const { olive, alice, bob } = world.cast
  const as = (id: string, whom: string) => resetTwoFactor(id, whom, requester)
  expect(await as(olive.id, olive.id)).toEqual({ ok: false, error: "yourself" })
  expect(await as(alice.id, bob.id)).toEqual({ ok: false, error: "no_operator" })
  expect(await as(olive.id, alice.id)).toEqual({ ok: false, error: "off" })
  const owner = world.browser()
  await signIn(world, owner, "alice@acme.test")
  expect((await owner.post(page(world, "bob"), reset)).location).toBe("/")
  expect(await db().totp.count()).toBe(2)
  await db().user.update({ where: { id: olive.id }, data: { disabledAt: new Date() } })
  expect(await as(olive.id, bob.id)).toEqual({ ok: false, error: "no_operator" })
})
