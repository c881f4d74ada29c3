import { afterEach, beforeEach, expect, test } from "vitest"
import { readProgress } from "~/domain/onboarding/progress.server"
import { listInvitations } from "~/domain/organizations/invitations.server"
import { listMembers } from "~/domain/organizations/members.server"
import { db } from "~/platform/db.server"
import { seed } from "../../prisma/seed"
import { type FreshDatabase, freshDatabase } from "../support/database"
import { member } from "../support/membership"

let database: FreshDatabase

beforeEach(async () => {
  database = await freshDatabase()
  await seed()
})
afterEach(() => database.close())

test("[R1] the demo's world is believable: two organisations, roles, open invitations, an operator", async () => {
  const person = (email: string) => db().user.findUniqueOrThrow({ where: { email } })
  const alice = await member(await person("alice@acme.example"), "acme")
  expect((await listMembers(alice)).rows.map(one => one.role)).toEqual([
    "owner",
    "admin",
    "member",
    "member",
    "member",
  ])
  expect((await listInvitations(alice)).rows.map(one => one.state)).toEqual(["open", "expired"])
  expect((await readProgress(alice)).finished).toBe(true)
  const charlie = await member(await person("charlie@birch.example"), "birch")
  expect((await readProgress(charlie)).current).toBe("workspace")
  expect((await person("olive@gatehouse.example")).isOperator).toBe(true)
})

test("[R1] seeding again changes nothing", async () => {
  const count = async () => [
    await db().user.count(),
    await db().auditEntry.count(),
    await db().organization.count(),
  ]
  const before = await count()
  await seed()
  expect(await count()).toEqual(before)
})
