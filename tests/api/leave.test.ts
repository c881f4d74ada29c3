import { expect, test } from "vitest"
import { archive } from "~/domain/organizations/archive.server"
import { findMembership } from "~/domain/organizations/memberships.server"
import { db, transaction } from "~/platform/db.server"
import { codeOf, programByKey, programOf } from "../support/callers"
import { Program } from "../support/program"
import { setUpWorld, type World } from "../support/world"

const world = setUpWorld()

const path = "/api/organizations/acme/leave"
const owners = (w: World) =>
  db().membership.count({ where: { organizationId: w.cast.acme.id, role: "owner" } })

test("[O7] a member leaves by API; their session goes on, and the organisation is none of theirs", async () => {
  const w = await world()
  const { bob } = w.cast
  const bobs = await programOf(w, bob)
  const answer = await bobs.call("POST", path)
  expect([answer.status, answer.text]).toEqual([204, ""])
  expect(await findMembership(bob.id, "acme")).toBeUndefined()
  expect(codeOf(await bobs.call("POST", path))).toBe("404 not_found")
  expect(codeOf(await bobs.call("GET", "/api/organizations/acme"))).toBe("404 not_found")
  expect((await bobs.call("GET", "/api/auth/profile")).json.user.id).toBe(bob.id)
  const line = await db().auditEntry.findFirstOrThrow({ where: { act: "member.left" } })
  expect([line.actorUserId, line.target]).toEqual([bob.id, bob.email])
})

test("[O7] who makes keys takes them along", async () => {
  const w = await world()
  const key = await programByKey(w, w.cast.amir)
  const list = "/api/organizations/acme/members"
  expect((await key.call("GET", list)).status).toBe(200)
  expect(codeOf(await key.call("POST", path))).toBe("403 scope_missing")
  expect((await (await programOf(w, w.cast.amir)).call("POST", path)).status).toBe(204)
  expect(codeOf(await key.call("GET", list))).toBe("401 invalid_token")
})

test("[O7] the last owner stays; of two owners who leave at once, one does", async () => {
  const w = await world()
  const { alice, amir, acme } = w.cast
  const [alices, amirs] = [await programOf(w, alice), await programOf(w, amir)]
  const alone = await alices.call("POST", path)
  expect(codeOf(alone)).toBe("409 last_owner")
  expect(await owners(w)).toBe(1)
  await db().membership.updateMany({
    where: { userId: amir.id, organizationId: acme.id },
    data: { role: "owner" },
  })
  const both = await Promise.all([alices.call("POST", path), amirs.call("POST", path)])
  expect(both.map(codeOf).sort()).toEqual(["204 done", "409 last_owner"])
  expect(await owners(w)).toBe(1)
})

test("[O8] an archived organisation can be left; strangers and guests leave nothing", async () => {
  const w = await world()
  const { bob, charlie, acme } = w.cast
  expect(codeOf(await (await programOf(w, charlie)).call("POST", path))).toBe("404 not_found")
  const guest = await new Program(w.url).send("POST", path, undefined, { Origin: w.url })
  expect(codeOf(guest)).toBe("401 signed_out")
  expect(await db().membership.count({ where: { organizationId: acme.id } })).toBe(3)
  await transaction(tx => archive(tx, acme.id, "operator"))
  expect((await (await programOf(w, bob)).call("POST", path)).status).toBe(204)
})
