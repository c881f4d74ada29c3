import { afterEach, beforeEach, expect, test } from "vitest"
import { listAudit } from "~/domain/organizations/audit.server"
import { listInvitations } from "~/domain/organizations/invitations.server"
import { listMembers } from "~/domain/organizations/members.server"
import { seatsTaken } from "~/domain/organizations/seats.server"
import type { Place } from "~/lib/cursor"
import { fromNow } from "~/platform/clock.server"
import { db } from "~/platform/db.server"
import { buildCast, buildInvitation, buildMembership, buildUser, type Cast, day } from "../support/cast"
import { type FreshDatabase, freshDatabase } from "../support/database"
import { member } from "../support/membership"
import { fillAudit, planOf, statementsOn } from "../support/statements"

/*
 * A large organisation answers as fast as a small one because every list is read along an index that has its order: nothing is
 * sorted, skipped or counted on the way. How fast that is, `npm run bench -- --cells organization` tells.
 */

let database: FreshDatabase
let cast: Cast

beforeEach(async () => {
  database = await freshDatabase()
  cast = await buildCast()
})
afterEach(() => database.close())

const middle = { at: fromNow(-day), id: "5" }
const places: Place[] = [{}, { after: middle }, { before: middle }]

function expectIndexed(statements: string[], index: RegExp) {
  expect(statements.length).toBeGreaterThan(0)
  for (const sql of new Set(statements)) {
    const plan = planOf(sql)
    expect(plan, sql).toMatch(index)
    expect(plan, sql).not.toMatch(/TEMP B-TREE|SCAN main/)
  }
}

test("[O10] each page of the audit log is read along the index of its filter", async () => {
  const alice = await member(cast.alice, "acme")
  fillAudit(database.file, cast.acme.id, cast.amir.id, 200)
  const views = {
    at: [{}, { from: "2026-01-01", to: "2027-01-01" }],
    actorUserId_at: [{ who: "amir@acme.test" }, { who: "gatehouse" }],
    act_at: [{ act: "invitation.sent" }, { act: "invitation" }],
  }
  for (const [columns, queries] of Object.entries(views)) {
    const seen = statementsOn("AuditEntry")
    for (const query of queries) for (const place of places) await listAudit(alice, query, place)
    expectIndexed(seen, new RegExp(`USING INDEX AuditEntry_organizationId_${columns}_id_idx`))
  }
})

test("[O1] each page of the members is read along an index, by role too", async () => {
  const alice = await member(cast.alice, "acme")
  for (let i = 0; i < 60; i++) {
    const user = await buildUser(db(), { email: `p${i}@acme.test` })
    await buildMembership(db(), { user, organization: cast.acme, role: "member" })
  }
  for (const [filter, columns] of [
    [{}, "createdAt"],
    [{ search: "p5" }, "createdAt"],
    [{ role: "member" }, "role_createdAt"],
  ] as const) {
    const seen = statementsOn("Membership")
    for (const place of places) await listMembers(alice, filter, place)
    expectIndexed(seen, new RegExp(`USING INDEX Membership_organizationId_${columns}_id_idx`))
  }
})

test("[O3] each page of the invitations is read along an index, and so are the seats counted", async () => {
  const alice = await member(cast.alice, "acme")
  await buildInvitation(db(), { organization: cast.acme, email: "a@b.test", invitedBy: cast.alice })
  const listed = statementsOn("Invitation")
  for (const place of places) await listInvitations(alice, place)
  expectIndexed(listed, /USING INDEX Invitation_organizationId_sentAt_id_idx/)
  const counted = statementsOn("Membership")
  await seatsTaken(db(), cast.acme.id)
  expectIndexed(counted, /USING COVERING INDEX Membership_organizationId_/)
})
