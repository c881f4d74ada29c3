import { readdirSync, readFileSync } from "node:fs"
import { join, resolve } from "node:path"
import { describe, expect, test } from "vitest"
import { auditPerPage, latestAudit } from "~/domain/organizations/audit.server"
import { auditCsv } from "~/domain/organizations/audit-csv.server"
import { auditActs, auditSentence } from "~/domain/organizations/audit-words"
import { actList } from "~/domain/organizations/roles"
import type { AuditLine } from "~/platform/audit-log.server"
import { fromNow } from "~/platform/clock.server"
import { db } from "~/platform/db.server"
import { newId } from "~/platform/ids.server"
import { buildUser, day } from "../support/cast"
import { member } from "../support/membership"
import { fillAudit, statementsOn } from "../support/statements"
import { setUpWorld, signIn, type World } from "../support/world"

const world = setUpWorld()

/** Writes a line as of that moment. */
async function line(at: Date, { detail, ...written }: AuditLine) {
  await db().auditEntry.create({
    data: {
      id: newId(),
      clientAddress: "198.51.100.4",
      detail: JSON.stringify(detail ?? {}),
      ...written,
      at,
    },
  })
}

/** Writes lines of Acme, the first the oldest, an hour apart. */
async function lines(w: World, written: Omit<AuditLine, "organizationId">[]) {
  for (const [i, one] of written.entries())
    await line(fromNow((i - written.length) * 3_600_000), { organizationId: w.cast.acme.id, ...one })
}

async function signedIn(w: World, email: string) {
  const browser = w.browser()
  await signIn(w, browser, email)
  return browser
}

/** The sentences of the table, from above. */
function sentences(body: string): string[] {
  return [...body.matchAll(/<th scope="row"[^>]*>(.*?)<\/th>/gs)].map(([, cell]) =>
    (cell ?? "")
      .replace(/<[^>]*>/g, "")
      .replaceAll("&#x27;", "'")
      .replaceAll("&quot;", '"'),
  )
}

describe("the page", () => {
  test("[O10] owners and admins read who did what, when and from where, in plain words", async () => {
    const w = await world()
    const { alice, bob, acme } = w.cast
    const gone = await buildUser(db(), { email: "gone@acme.test", name: "Gone Girl" })
    await lines(w, [
      {
        actorUserId: gone.id,
        act: "organization.created",
        target: acme.id,
        detail: { name: "Acme", slug: "acme" },
      },
      { actorUserId: alice.id, act: "invitation.sent", target: "ada@x.test", detail: { role: "admin" } },
      {
        act: "billing.subscription_changed",
        target: "sub_1",
        detail: { plan: "starter", status: "past_due", ending: null },
      },
      {
        actorUserId: w.cast.olive.id,
        act: "organization.archived",
        target: acme.id,
        detail: { because: "operator", note: "Spam" },
      },
      { actorUserId: alice.id, act: "later.invented", target: bob.id },
    ])
    await db().user.delete({ where: { id: gone.id } })
    for (const reader of ["alice@acme.test", "amir@acme.test"]) {
      const { status, body } = await (await signedIn(w, reader)).get("/o/acme/audit")
      expect(status).toBe(200)
      expect(sentences(body)).toEqual([
        "later.invented: Bob Berger (bob@acme.test)",
        "Archived the organisation, because an operator decided so: Spam",
        "The plan Starter is past due",
        "Invited ada@x.test as admin",
        "Created the organisation Acme at /o/acme",
      ])
      for (const shown of ["Alice Archer", "alice@acme.test", "198.51.100.4", "Someone who has left"])
        expect(body).toContain(shown)
      expect(body).not.toMatch(/Gone Girl|Olive|olive@|Not a member/)
      expect(body).toContain(">Audit log</")
    }
  })

  test("[O10] nobody is named who is not a member: not whoever left, nor an operator, on page, CSV and export", async () => {
    const w = await world()
    const { alice, bob, olive, acme } = w.cast
    await lines(w, [
      { actorUserId: bob.id, act: "organization.renamed", detail: { from: "Acme", to: "Acme 2" } },
      { actorUserId: alice.id, act: "ownership.offered", target: bob.id },
      { actorUserId: alice.id, act: "member.removed", target: "bob@acme.test", detail: { role: "member" } },
    ])
    await line(fromNow(-1), {
      organizationId: acme.id,
      actorUserId: olive.id,
      act: "organization.archived",
      target: acme.id,
      detail: { because: "operator" },
      clientAddress: "203.0.113.77",
    })
    await db().membership.deleteMany({ where: { userId: bob.id } })
    await db().user.update({
      where: { id: bob.id },
      data: { name: "Roberta New-Life", email: "roberta@private.test", emailTyped: "roberta@private.test" },
    })
    const browser = await signedIn(w, "alice@acme.test")
    const page = (await browser.get("/o/acme/audit")).body
    const answers = [page]
    for (const path of ["audit.csv", "export.json", "audit?who=gatehouse"])
      answers.push((await browser.get(`/o/acme/${path}`)).body)
    for (const answer of answers)
      expect(answer).not.toMatch(/Roberta|private\.test|olive|203\.0\.113\.77|Not a member/i)
    expect(sentences(page)).toEqual([
      "Archived the organisation, because an operator decided so",
      "Removed bob@acme.test, who was member",
      "Offered the ownership to someone who has left",
      "Changed the name from Acme to Acme 2",
    ])
    expect(sentences(answers[3] ?? "")).toEqual(["Archived the organisation, because an operator decided so"])
    const atDesk = (await latestAudit(acme.id, 20)).find(({ act }) => act === "organization.archived")
    expect([atDesk?.who.name, atDesk?.clientAddress]).toEqual([olive.name, "203.0.113.77"])
  })

  test("[O10] a member may not, and finds no way to it", async () => {
    const w = await world()
    const bob = await signedIn(w, "bob@acme.test")
    for (const path of ["/o/acme/audit", "/o/acme/audit.csv"]) {
      const { status, body } = await bob.get(path)
      expect([status, /ada@x/.test(body)], path).toEqual([403, false])
    }
    expect((await bob.get("/o/acme")).body).not.toContain("/o/acme/audit")
  })

  test("[O9] holds lines of its own organisation only", async () => {
    const w = await world()
    await line(fromNow(-day), {
      organizationId: w.cast.birch.id,
      actorUserId: w.cast.charlie.id,
      act: "member.left",
    })
    await line(fromNow(-day), { act: "user.disabled", target: w.cast.bob.id })
    const { body } = await (await signedIn(w, "alice@acme.test")).get("/o/acme/audit")
    expect(sentences(body)).toEqual([])
    expect(body).toContain("Nothing found")
  })
})

describe("filters", () => {
  async function filtered(w: World) {
    const { alice, amir } = w.cast
    await lines(w, [
      { actorUserId: alice.id, act: "invitation.sent", target: "one@x.test", detail: { role: "member" } },
      { actorUserId: amir.id, act: "invitation.revoked", target: "one@x.test" },
      { actorUserId: amir.id, act: "invitation.sent", target: "two@x.test", detail: { role: "admin" } },
      { act: "billing.plan_bought", target: "sub_1", detail: { plan: "starter", interval: "month" } },
    ])
    const browser = await signedIn(w, "alice@acme.test")
    return async (query: string) => sentences((await browser.get(`/o/acme/audit?${query}`)).body)
  }
  const sentOne = "Invited one@x.test as member"
  const sentTwo = "Invited two@x.test as admin"
  const withdrawn = "Withdrew the invitation of one@x.test"
  const bought = "Bought the plan Starter, paid by the month"

  test("[O10] by whom: an address, part of a name, nobody, the system, several people", async () => {
    const w = await world()
    const shown = await filtered(w)
    expect(await shown("who=AMIR%40acme.test")).toEqual([sentTwo, withdrawn])
    expect(await shown("who=archer")).toEqual([sentOne])
    expect(await shown("who=gatehouse")).toEqual([bought])
    expect(await shown("who=a")).toEqual([sentTwo, withdrawn, sentOne])
    expect(await shown("who=zebra")).toEqual([])
    expect(await shown("who=charlie%40birch.test")).toEqual([])
  })

  test("[O10] what: one act, a whole area, both with a person", async () => {
    const w = await world()
    const shown = await filtered(w)
    expect(await shown("act=invitation.sent")).toEqual([sentTwo, sentOne])
    expect(await shown("act=invitation")).toEqual([sentTwo, withdrawn, sentOne])
    expect(await shown("act=invitation&who=amir%40acme.test")).toEqual([sentTwo, withdrawn])
    expect(await shown("act=organization")).toEqual([])
  })

  test("[O10] when: whole days of the reader's zone, the last one included", async () => {
    const w = await world()
    const { acme, alice } = w.cast
    const sent = (at: string, target: string) =>
      line(new Date(at), {
        organizationId: acme.id,
        actorUserId: alice.id,
        act: "invitation.revoked",
        target,
      })
    await sent("2026-03-01T22:59:00Z", "early")
    await sent("2026-03-01T23:30:00Z", "night")
    await sent("2026-03-02T22:59:59Z", "late")
    await sent("2026-03-02T23:00:00Z", "after")
    const browser = await signedIn(w, "alice@acme.test")
    const shown = async (query: string) =>
      sentences((await browser.get(`/o/acme/audit?${query}`)).body).map(words => words.split(" ").at(-1))
    expect(await shown("from=2026-03-02&to=2026-03-02&zone=Europe%2FBerlin")).toEqual(["late", "night"])
    expect(await shown("from=2026-03-02&to=2026-03-02")).toEqual(["after", "late"])
    for (const zone of ["nonsense", "x".repeat(99)])
      expect(await shown(`to=2026-03-01&zone=${zone}`)).toEqual(["night", "early"])
  })

  test("[O10] what does not fit is said at its field, keeps what was typed, and shows no lines", async () => {
    const w = await world()
    await filtered(w)
    const browser = await signedIn(w, "alice@acme.test")
    const { body } = await browser.get("/o/acme/audit?from=2026-03-05&to=2026-03-01&who=amir")
    expect(body).toContain("This day is before the first one.")
    for (const kept of ["2026-03-05", "2026-03-01", "amir"]) expect(body).toContain(`value="${kept}"`)
    expect(sentences(body)).toEqual([])
    for (const query of ["from=yesterday", "act=%27%20OR%201", `who=${"x".repeat(300)}`, "to=2026-02-31"]) {
      const odd = await browser.get(`/o/acme/audit?${query}`)
      expect([odd.status, sentences(odd.body)], query).toEqual([200, []])
      expect(odd.body, query).toContain('aria-invalid="true"')
      expect((await browser.get(`/o/acme/audit.csv?${query}`)).status, query).toBe(400)
    }
  })

  test("[O10] pages keep the filter, and a cursor that is none shows the first page", async () => {
    const w = await world()
    const { amir, alice } = w.cast
    const many = Array.from({ length: auditPerPage + 2 }, (_, i) => ({
      actorUserId: amir.id,
      act: "invitation.revoked" as const,
      target: `line-${i}`,
    }))
    await lines(w, [...many, { actorUserId: alice.id, act: "invitation.sent", target: "x", detail: {} }])
    const browser = await signedIn(w, "alice@acme.test")
    const first = await browser.get("/o/acme/audit?act=invitation&who=amir%40acme.test")
    expect(sentences(first.body)).toHaveLength(auditPerPage)
    const older = /href="([^"]*after=[^"]*)"/.exec(first.body)?.[1]?.replaceAll("&amp;", "&") ?? ""
    expect(older).toContain("who=amir%40acme.test")
    const second = await browser.get(`/o/acme/audit${older.slice(older.indexOf("?"))}`)
    expect(sentences(second.body)).toEqual([1, 0].map(i => `Withdrew the invitation of line-${i}`))
    const newer = /href="([^"]*before=[^"]*)"/.exec(second.body)?.[1]?.replaceAll("&amp;", "&") ?? ""
    const back = await browser.get(`/o/acme/audit${newer.slice(newer.indexOf("?"))}`)
    expect(sentences(back.body)).toEqual(sentences(first.body))
    expect(sentences((await browser.get("/o/acme/audit?after=nonsense")).body)).toHaveLength(auditPerPage)
  })
})

describe("the CSV file", () => {
  test("[O10] holds the filtered lines, opens as UTF-8, and runs no formula", async () => {
    const w = await world()
    const { alice, amir } = w.cast
    await db().user.update({ where: { id: alice.id }, data: { name: '=HYPERLINK("http://evil","Zoë")' } })
    await lines(w, [
      { actorUserId: alice.id, act: "invitation.revoked", target: "@SUM(A1)", detail: { note: 'a,"b"\n=c' } },
      { actorUserId: amir.id, act: "invitation.revoked", target: "+1" },
      { actorUserId: amir.id, act: "organization.renamed", detail: { from: "Acme", to: "-2+3" } },
    ])
    const browser = await signedIn(w, "amir@acme.test")
    const { status, headers, body } = await browser.get("/o/acme/audit.csv?act=invitation&zone=UTC")
    expect(status).toBe(200)
    expect(headers.get("Content-Type")).toBe("text/csv; charset=utf-8")
    expect(headers.get("Content-Disposition")).toMatch(
      /^attachment; filename="audit-log-acme-\d{4}-\d\d-\d\d\.csv"$/,
    )
    expect(headers.get("Cache-Control")).toBe("no-store")
    // fetch() takes the mark away when it decodes; the bytes have it.
    expect(body.split("\r\n")).toEqual([
      "Time (UTC),Who,Address,What,From,Act,Target,Detail",
      expect.stringMatching(
        /^[^,]+Z,Amir Aziz,amir@acme\.test,Withdrew the invitation of \+1,198\.51\.100\.4,invitation\.revoked,'\+1,\{\}$/,
      ),
      expect.stringMatching(
        /^[^,]+Z,"'=HYPERLINK\(""http:\/\/evil"",""Zoë""\)",alice@acme\.test,.*,'@SUM\(A1\),/,
      ),
      "",
    ])
    const [first] = await auditCsv(await member(amir, "acme"), {})
      .take(1)
      .toArray()
    expect(Buffer.from(first).subarray(0, 3)).toEqual(Buffer.from([0xef, 0xbb, 0xbf]))
    expect((await browser.get("/o/acme/audit.csv", {}, "HEAD")).body).toBe("")
    const downloads = { where: { act: "organization.audit_downloaded" } }
    expect(await db().auditEntry.findMany(downloads)).toMatchObject([
      { organizationId: w.cast.acme.id, actorUserId: amir.id, detail: '{"filtered":true}' },
    ])
  })

  test("[O10] goes out while it is read, and so does the export: neither is held as a whole", async () => {
    const w = await world()
    const alice = await signedIn(w, "alice@acme.test")
    for (const path of ["/o/acme/audit.csv", "/o/acme/export.json"]) {
      const { status, headers } = await alice.get(path)
      expect([status, headers.get("Content-Length"), headers.get("Transfer-Encoding")], path).toEqual([
        200,
        null,
        "chunked",
      ])
    }
  })

  test("[O10] of 100,000 lines is read as slowly as it is taken, and whole", async () => {
    const w = await world()
    const acme = await member(w.cast.amir, "acme")
    fillAudit(w.database.file, w.cast.acme.id, w.cast.amir.id, 100_000)
    const reads = statementsOn("AuditEntry")
    const csv = auditCsv(acme, {})
    for (let i = 0; i < 20; i++) csv.read()
    await new Promise(resolve => setTimeout(resolve, 300))
    expect(reads.length).toBeLessThan(4)
    let [seen, most] = [0, 0]
    for await (const part of csv) {
      seen += String(part).split("\r\n").length - 1
      most = Math.max(most, part.length)
    }
    expect(reads.length).toBe(100)
    expect(most).toBeLessThan(200_000)
    expect(seen).toBe(100_001)
  }, 60_000)

  test("[O10] that nobody takes to its end is read no further", async () => {
    const w = await world()
    const acme = await member(w.cast.amir, "acme")
    fillAudit(w.database.file, w.cast.acme.id, w.cast.amir.id, 20_000)
    const reads = statementsOn("AuditEntry")
    const csv = auditCsv(acme, {})
    await new Promise(resolve => csv.once("data", resolve))
    csv.destroy()
    await new Promise(resolve => setTimeout(resolve, 300))
    expect(reads.length).toBeLessThan(4)
  })
})

describe("the log itself", () => {
  const sources = readdirSync(resolve("app"), { recursive: true, encoding: "utf8" })
    .filter(path => /\.tsx?$/.test(path))
    .map(path => ({ path, text: readFileSync(join("app", path), "utf8") }))

  /** What may take away: an organisation that was closed is erased with its log, and who goes takes their address along. */
  const eraser = /^domain\/(billing\/(erasure|erase-organization)|privacy\/erase-person)\.server\.ts$/

  test("[O10] is only ever added to, in one place", () => {
    const altering =
      /auditEntry\s*\.\s*(update|upsert|delete)|(UPDATE|DELETE FROM|REPLACE INTO)\s+["`]?AuditEntry/i
    const altered = sources.filter(({ text }) => altering.test(text)).map(({ path }) => path)
    expect(altered.filter(path => !eraser.test(path))).toEqual([])
    const adding = /auditEntry\s*\.\s*create|INSERT INTO\s+["`]?AuditEntry/i
    expect(sources.filter(({ text }) => adding.test(text)).map(({ path }) => path)).toEqual([
      "platform/audit-log.server.ts",
    ])
  })

  /** Who changes something without a line of their own, and why. */
  const silent: Record<string, string> = {
    "domain/organizations/memberships.server.ts": "whoever adds a member says how it came about",
    "domain/organizations/ask-again.server.ts": "asking changes nothing yet",
    "domain/organizations/ownership-offer.server.ts": "what is void or has run out is swept up",
    "domain/billing/subscriptions.server.ts": "adding one: whoever adds it says how it came about",
    "domain/billing/deleted-customer.server.ts": "forgets an id; that the plan ended has its line",
    "domain/billing/closing-trouble.server.ts": "notes why closing waits",
    "domain/billing/wind-down.server.ts": "notes which plans the closing ended",
  }

  test("[O10] is written by whoever changes members, roles, plans or settings", () => {
    const changing =
      /\b(?:tx|client|db\(\))\.(organization|membership|invitation|subscription|joinableDomain|organizationLogo|ownershipTransfer|archiveHold)\.(create|update|upsert|delete)\w*\(|(INSERT INTO|UPDATE|DELETE FROM) "?(Organization|Membership|Invitation|Subscription|JoinableDomain|OrganizationLogo|OwnershipTransfer|ArchiveHold)\b/
    const changers = sources
      .filter(({ text }) => changing.test(text))
      .filter(({ path }) => !eraser.test(path))
    expect(changers.length).toBeGreaterThan(10)
    const mute = changers.filter(({ path, text }) => !text.includes("writeAudit") && !(path in silent))
    expect(mute.map(({ path }) => path)).toEqual([])
  })

  /** Lines of the installation, which no organisation's log shows. */
  const elsewhere = [
    "person.disabled",
    "person.enabled",
    "person.two_factor_reset",
    "person.deleted",
    "organization.erased",
    "keys.published",
    "keys.replaced",
  ]

  test("[O10] has words for every act", () => {
    const permissions = actList.map(({ permission }) => String(permission))
    const written = sources
      .filter(({ path, text }) => text.includes("writeAudit") && path !== "platform/audit-log.server.ts")
      .flatMap(({ text }) =>
        [...text.matchAll(/(?<!\b(?:kind|name): |Job\(\s*)"([a-z]{3,}\.[a-z_]+)"/g)].map(
          ([, act]) => act ?? "",
        ),
      )
      .filter(act => !permissions.includes(act))
    expect(new Set(written).size).toBeGreaterThan(10)
    expect([...new Set(written)].filter(act => ![...auditActs, ...elsewhere].includes(act))).toEqual([])
  })

  test("[O10] says something for every act, whatever the detail", () => {
    for (const act of auditActs) {
      const bare = auditSentence(act, "someone", {})
      expect(bare, act).toMatch(/^[A-Z]/)
      expect(bare, act).not.toMatch(/undefined|null|Invalid/)
    }
  })
})
