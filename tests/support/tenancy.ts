import Sqlite from "better-sqlite3"
import { createSession } from "~/domain/accounts/sessions.server"
import { issueLink } from "~/domain/links/issue.server"
import { db, transaction } from "~/platform/db.server"
import { newId } from "~/platform/ids.server"
import type { Organization, User } from "~/platform/models.server"
import type { Browser } from "./browser"
import { buildInvitation } from "./cast"
import type { World } from "./world"

/*
 * For the proof that nothing of one organisation reaches another's people: a row in every table of an organisation, one word
 * that stands nowhere else in every text of it, and what must not be found in any answer.
 */

export type Planted = {
  organization: Organization
  membershipId: string
  invitationId: string
  transferAt: number
  subscriptionId: string
  invoiceId: string
  keyId: string
  sessionId: string
  passkeyId: string
  checkoutId: string
  logoHash: string
  former: string
  domain: string
  owner: User
  /** Stands in every free text of the organisation and its people, and nowhere else. */
  canary: string
}

/** Writes a row of every kind for this organisation, owned by `owner`, and marks every free text of it. */
export async function plant(world: World, organization: Organization, owner: User): Promise<Planted> {
  const { id: organizationId, slug } = organization
  const canary = `canary4${slug}`
  const at = new Date()
  const later = new Date(+at + 86_400_000)
  const second = await db().user.create({
    data: {
      id: newId(),
      email: `second@${canary}.test`,
      emailTyped: `Second@${canary}.test`,
      provenAt: at,
      createdAt: at,
      updatedAt: at,
    },
  })
  const membership = await db().membership.create({
    data: { id: newId(), userId: second.id, organizationId, role: "member", createdAt: at, lastUsedAt: at },
  })
  const invited = await buildInvitation(db(), {
    organization,
    email: `guest@${canary}.test`,
    invitedBy: owner,
  })
  await issueLink(db(), {
    purpose: "invitation",
    email: invited.email,
    organizationId,
    invitationId: invited.id,
  })
  const session = await transaction(tx => createSession(tx, second.id, { method: "email" }, where(canary)))
  const passkey = await db().passkey.create({
    data: {
      id: newId(),
      userId: second.id,
      credentialId: canary,
      publicKey: Buffer.from(canary),
      counter: 0,
      rpId: "localhost",
      name: canary,
      userAgent: canary,
      createdAt: at,
    },
  })
  await db().securityEvent.create({
    data: { id: newId(), userId: second.id, kind: "sign_in", clientAddress: canary, at },
  })
  await db().mail.create({
    data: {
      id: newId(),
      template: "seats_full",
      recipient: owner.email,
      parameters: "{}",
      organizationId,
      createdAt: at,
    },
  })
  await db().auditEntry.create({
    data: {
      id: newId(),
      organizationId,
      actorUserId: owner.id,
      act: "organization.renamed",
      target: "x",
      at,
    },
  })
  const subscriptionId = `sub_${canary}`
  await db().subscription.create({
    data: {
      id: newId(),
      organizationId,
      stripeSubscriptionId: subscriptionId,
      stripeCustomerId: `cus_${canary}`,
      stripePriceId: `price_${canary}`,
      plan: "enterprise",
      status: "active",
      stripeCreatedAt: at,
      syncedAt: at,
    },
  })
  const invoice = await db().invoice.create({
    data: {
      id: `in_${canary}`,
      organizationId,
      stripeSubscriptionId: subscriptionId,
      status: "paid",
      currency: "usd",
      total: 29_000,
      createdAt: at,
      syncedAt: at,
    },
  })
  const key = await db().apiKey.create({
    data: {
      id: newId(),
      organizationId,
      createdById: owner.id,
      name: "x",
      tokenHash: canary,
      hint: "gatehouse_",
      scopes: "audit:read",
      createdAt: at,
    },
  })
  const checkout = await db().checkout.create({
    data: {
      id: newId(),
      stripeSessionId: `cs_${canary}`,
      plan: "enterprise",
      email: `buyer@${canary}.test`,
      emailTyped: `buyer@${canary}.test`,
      businessName: "x",
      organizationId,
      userId: owner.id,
      state: "provisioned",
      createdAt: at,
      updatedAt: at,
    },
  })
  await db().onboarding.create({ data: { organizationId, startedAt: at } })
  await db().onboardingStep.create({ data: { organizationId, step: "workspace", state: "done", at } })
  const logoHash = `${canary}hash`
  await db().organizationLogo.create({
    data: { organizationId, png: Buffer.from(canary), hash: logoHash, updatedAt: at },
  })
  const former = `${slug}-${canary}`
  await db().slugRedirect.create({ data: { slug: former, organizationId, createdAt: at } })
  const domain = `${canary}.test`
  await db().joinableDomain.create({ data: { organizationId, domain, addedById: owner.id, createdAt: at } })
  await db().domainBar.create({ data: { organizationId, userId: second.id, at } })
  // The organisation itself is open: a hold counts once `archivedAt` is set.
  await db().archiveHold.create({ data: { organizationId, because: "operator", at, note: "x" } })
  await db().ownershipTransfer.create({
    data: { organizationId, fromUserId: owner.id, toUserId: second.id, createdAt: at, expiresAt: later },
  })
  await db().organization.update({
    where: { id: organizationId },
    data: { stripeCustomerId: `cus_${canary}`, billingEmail: `bills@${canary}.test`, closeTrouble: null },
  })
  markTexts(world.database.file, organizationId, canary)
  return {
    organization,
    membershipId: membership.id,
    invitationId: invited.id,
    transferAt: +at,
    subscriptionId,
    invoiceId: invoice.id,
    keyId: key.id,
    sessionId: session.id,
    passkeyId: passkey.id,
    checkoutId: checkout.id,
    logoHash,
    former,
    domain,
    owner,
    canary,
  }
}

const where = (canary: string) => ({ userAgent: canary, clientAddress: canary })

/** Signs a browser in without the way through the mail. */
export async function enter(browser: Browser, user: User): Promise<Browser> {
  const requester = { userAgent: browser.userAgent, clientAddress: "192.0.2.7" }
  const { token } = await transaction(tx => createSession(tx, user.id, { method: "email" }, requester))
  browser.cookies.set("gatehouse", token)
  return browser
}

type Table = { name: string; columns: string[]; belongs: string }

/** Every table that holds rows of organisations, and those of the people who belong to one only. */
function tablesOf(database: Sqlite.Database): Table[] {
  const names = database
    .prepare<[], { name: string }>(
      "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '\\_%' ESCAPE '\\'",
    )
    .all()
  const people = `SELECT userId FROM Membership GROUP BY userId HAVING min(organizationId) = @org AND max(organizationId) = @org`
  return names.flatMap(({ name }) => {
    const columns = database
      .prepare<[], { name: string; type: string }>(`SELECT name, type FROM pragma_table_info('${name}')`)
      .all()
    const texts = columns.filter(({ type }) => type === "TEXT").map(column => column.name)
    const belongs = columns.some(column => column.name === "organizationId")
      ? "organizationId = @org"
      : { Organization: "id = @org", User: `id IN (${people})`, Session: `userId IN (${people})` }[name]
    return belongs ? [{ name, columns: texts, belongs }] : []
  })
}

/** Columns whose values mean something to the app; the rest is free text. */
const meaningful =
  /^(id|slug|domain|email|recipient|role|act|template|state|status|plan|interval|currency|purpose|because|step|method|endedBecause|signInMethods|dedupeKey|uniqueKey|requestKey|url|hash|closeTrouble)$|Id$|By$|Hash$/

function markTexts(file: string, org: string, canary: string): void {
  const database = new Sqlite(file)
  for (const { name, columns, belongs } of tablesOf(database)) {
    for (const column of columns.filter(column => !meaningful.test(column))) {
      const json = column === "detail" || column === "parameters"
      const value = json ? JSON.stringify({ parameters: {}, to: canary }) : ` ${canary}`
      const set = json ? "@value" : `coalesce(${column}, '') || @value`
      database.prepare(`UPDATE ${name} SET ${column} = ${set} WHERE ${belongs}`).run({ org, value })
    }
  }
  database.close()
}

/**
 * A row in each table the organisation has none in, with the word in every text: so that a table made later is covered by
 * being there. Its values mean nothing, so only for an organisation whose own people do not look.
 */
export function fillTheRest(world: World, { organization: { id: org }, canary }: Planted): void {
  const database = new Sqlite(world.database.file)
  database.pragma("foreign_keys = OFF")
  for (const { name, belongs } of tablesOf(database)) {
    const rows = database.prepare<{ org: string }>(`SELECT 1 FROM ${name} WHERE ${belongs}`).all({ org })
    if (rows.length > 0) continue
    const columns = database
      .prepare<[], { name: string; type: string }>(`SELECT name, type FROM pragma_table_info('${name}')`)
      .all()
    const values = columns.map(column => {
      if (column.name === "organizationId") return org
      if (column.type === "TEXT") return `${canary} ${column.name}`
      return column.type === "DATETIME" ? Date.now() : column.type === "BLOB" ? Buffer.from(canary) : 1
    })
    database.prepare(`INSERT INTO ${name} VALUES (${values.map(() => "?").join()})`).run(...values)
  }
  database.close()
}

/** How many rows of the organisation each table holds: a table without any is one the proof does not cover. */
export function rowsPerTable(world: World, org: string): Map<string, number> {
  const database = new Sqlite(world.database.file, { readonly: true })
  const counts = tablesOf(database).map(({ name, belongs }): [string, number] => {
    const sql = `SELECT count(*) AS n FROM ${name} WHERE ${belongs}`
    return [name, database.prepare<{ org: string }, { n: number }>(sql).get({ org })?.n ?? 0]
  })
  database.close()
  return new Map(counts)
}

/** Every row of the organisation, to compare before and after. */
export function rowsOf(world: World, org: string): Record<string, unknown[]> {
  const database = new Sqlite(world.database.file, { readonly: true })
  const all = tablesOf(database)
    .filter(({ name }) => name !== "Session" && name !== "User")
    .map(({ name, belongs }) => [
      name,
      database.prepare<{ org: string }>(`SELECT * FROM ${name} WHERE ${belongs} ORDER BY 1, 2`).all({ org }),
    ])
  database.close()
  return Object.fromEntries(all)
}

/** Every text in the organisation's rows that stands in nobody else's: what must not reach a stranger. */
export function secretsOf(world: World, org: string): string[] {
  const database = new Sqlite(world.database.file, { readonly: true })
  const own = new Set<string>()
  const others = new Set<string>()
  for (const { name, columns, belongs } of tablesOf(database)) {
    for (const [into, rows] of [
      [own, belongs],
      [others, `(${belongs}) IS NOT TRUE`],
    ] as const) {
      const found = database.prepare<{ org: string }, Record<string, unknown>>(
        `SELECT * FROM ${name} WHERE ${rows}`,
      )
      for (const row of found.all({ org })) {
        for (const column of columns) {
          const value = row[column]
          if (typeof value === "string") into.add(value)
        }
      }
    }
  }
  database.close()
  return [...own].filter(value => value.length >= 8 && !others.has(value) && !/^[a-z_.]*$/.test(value))
}
