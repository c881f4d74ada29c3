import { describe, expect, test } from "vitest"
import { archive } from "~/domain/organizations/archive.server"
import type { AuditLine } from "~/platform/audit-log.server"
import { fromNow, now } from "~/platform/clock.server"
import { db, transaction } from "~/platform/db.server"
import { newId } from "~/platform/ids.server"
import { codeOf, onlyManagers, programByKey, programOf, refusalsAt } from "../support/callers"
import { day } from "../support/cast"
import { fillAudit } from "../support/statements"
import { buildSubscription } from "../support/subscription"
import { setUpWorld, type World } from "../support/world"

const world = setUpWorld()

const log = "/api/organizations/acme/audit"

async function line(w: World, at: Date, { detail, ...written }: AuditLine) {
  await db().auditEntry.create({
    data: {
      id: newId(),
      organizationId: w.cast.acme.id,
      clientAddress: "198.51.100.4",
      detail: JSON.stringify(detail ?? {}),
      ...written,
      at,
    },
  })
}

const acts = (json: { data: { act: string }[] }) => json.data.map(row => row.act)

describe("the audit log", () => {
  test("[O10] tells owners, admins and keys with the scope who did what, when and from where", async () => {
    const w = await world()
    const scope = "audit:read"
    expect(await refusalsAt(w, { method: "GET", path: log }, scope)).toEqual(onlyManagers)
    const at = new Date(+now() + 60_000)
    await line(w, at, {
      actorUserId: w.cast.alice.id,
      act: "invitation.sent",
      target: "ada@x.test",
      detail: { role: "admin" },
    })
    for (const caller of [
      await programOf(w, w.cast.alice),
      await programOf(w, w.cast.amir),
      await programByKey(w, w.cast.amir, { scopes: [scope] }),
    ]) {
      const { json } = await caller.call("GET", `${log}?act=invitation.sent`)
      expect(json).toEqual({
        data: [
          {
            id: expect.any(String),
            at: at.toISOString(),
            by: {
              standing: "member",
              userId: w.cast.alice.id,
              name: "Alice Archer",
              email: "alice@acme.test",
            },
            act: "invitation.sent",
            words: "Invited ada@x.test as admin",
            target: "ada@x.test",
            detail: { role: "admin" },
            clientAddress: "198.51.100.4",
          },
        ],
        next: null,
      })
    }
  })

  test("[O10] names nobody who is no member: not whoever left, nor an operator", async () => {
    const w = await world()
    const { bob, olive, acme } = w.cast
    await line(w, fromNow(-2), { actorUserId: bob.id, act: "organization.renamed" })
    await line(w, fromNow(-1), { actorUserId: olive.id, act: "organization.archived", target: acme.id })
    await db().membership.deleteMany({ where: { userId: bob.id } })
    const { json, text } = await (await programOf(w, w.cast.alice)).call("GET", log)
    expect(json.data.map((row: { by: { standing: string } }) => row.by.standing)).toEqual(["system", "gone"])
    expect(text).not.toMatch(/Bob|Olive|olive@|bob@/)
    expect(json.data[0].clientAddress).toBe("")
  })

  test("[O10] is read to the end, each line once, while lines are added", async () => {
    const w = await world()
    fillAudit(w.database.file, w.cast.acme.id, w.cast.alice.id, 230)
    const amir = await programOf(w, w.cast.amir)
    const seen: string[] = []
    let next: string | null = ""
    for (let pages = 0; next !== null; pages++) {
      expect(pages).toBeLessThan(4)
      const { json } = await amir.call("GET", `${log}?limit=100${next && `&cursor=${next}`}`)
      seen.push(...json.data.map((row: { id: string }) => row.id))
      next = json.next
      await line(w, new Date(+now() + pages), { act: "organization.renamed" })
    }
    expect([seen.length, new Set(seen).size]).toEqual([230, 230])
    expect(seen).toEqual([...seen].sort().reverse())
  })

  test("[O10] is filtered by who, act, area and days, as on the page", async () => {
    const w = await world()
    const { alice, amir } = w.cast
    const noon = (date: string) => new Date(`${date}T12:00:00Z`)
    await line(w, noon("2026-01-10"), { actorUserId: alice.id, act: "member.removed", target: "x@x.test" })
    await line(w, noon("2026-01-11"), { actorUserId: amir.id, act: "member.left" })
    await line(w, noon("2026-01-12"), { actorUserId: alice.id, act: "organization.renamed" })
    await line(w, new Date("2026-01-12T23:30:00Z"), { act: "organization.restored" })
    const caller = await programOf(w, alice)
    const ask = async (query: string) => acts((await caller.call("GET", `${log}?${query}`)).json)
    expect(await ask("who=alice@acme.test")).toEqual(["organization.renamed", "member.removed"])
    expect(await ask("who=Amir")).toEqual(["member.left"])
    expect(await ask("who=charlie@birch.test")).toEqual([])
    expect(await ask("act=member")).toEqual(["member.left", "member.removed"])
    expect(await ask("act=member.left&who=Alice")).toEqual([])
    expect(await ask("act=nothing.such")).toEqual([])
    expect(await ask("from=2026-01-11&to=2026-01-11")).toEqual(["member.left"])
    expect(await ask("from=2026-01-12&to=2026-01-12")).toEqual([
      "organization.restored",
      "organization.renamed",
    ])
    expect(await ask("from=2026-01-12&to=2026-01-12&zone=Europe/Berlin")).toEqual(["organization.renamed"])
    for (const [query, field] of [
      ["from=yesterday", "from"],
      ["to=2026-02-30", "to"],
      ["from=2026-01-12&to=2026-01-11", "to"],
      ["act=Robert'); DROP", "act"],
      [`who=${"x".repeat(201)}`, "who"],
      ["cursor=..", "cursor"],
      ["limit=-1", "limit"],
      ["zone=Mars/Olympus", "zone"],
      ["zone=", "zone"],
    ] as const) {
      const refused = await caller.call("GET", `${log}?${query}`)
      expect(codeOf(refused), query).toBe("400 invalid_input")
      expect(Object.keys(refused.json.error.fields), query).toEqual([field])
    }
  })

  test("[O9] shows no line of another organisation by its cursor or its people", async () => {
    const w = await world()
    const { alice, birch, charlie } = w.cast
    for (let i = 1; i <= 3; i++)
      await line(w, fromNow(-i * 1000), {
        organizationId: birch.id,
        actorUserId: charlie.id,
        act: "member.left",
      })
    const there = await programOf(w, charlie)
    const { json } = await there.call("GET", "/api/organizations/birch/audit?limit=1")
    expect(json.next).not.toBeNull()
    const here = await programOf(w, alice)
    for (const query of [`cursor=${json.next}`, "who=charlie@birch.test", "who=Charlie"])
      expect((await here.call("GET", `${log}?${query}`)).json, query).toEqual({ data: [], next: null })
  })

  test("[B7] is read while the plan is unpaid, and not while the organisation is archived", async () => {
    const w = await world()
    await buildSubscription(w.cast.acme, { status: "unpaid", pastDueSince: fromNow(-day) })
    const alice = await programOf(w, w.cast.alice)
    expect((await alice.call("GET", log)).status).toBe(200)
    await transaction(tx => archive(tx, w.cast.acme.id, "billing"))
    expect(codeOf(await alice.call("GET", log))).toBe("403 archived")
  })

  test("[A3] reading it changes nothing, nor does a method it does not have", async () => {
    const w = await world()
    await line(w, now(), { act: "organization.renamed" })
    const alice = await programOf(w, w.cast.alice)
    const before = await db().auditEntry.findMany()
    await alice.call("GET", log)
    for (const method of ["POST", "PUT", "PATCH", "DELETE"])
      expect(codeOf(await alice.call(method, log, {})), method).toBe("405 method_not_allowed")
    expect(await db().auditEntry.findMany()).toEqual(before)
  })
})
