import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import Sqlite from "better-sqlite3"
import { afterAll, beforeAll, expect, test } from "vitest"
import { accessOf } from "~/domain/billing/access-of.server"
import { compareIfMissed } from "~/domain/billing/reconciliation.server"
import { listAlerts } from "~/domain/mail/alerts.server"
import { now, setClock } from "~/platform/clock.server"
import { closeDatabase, db, openDatabase } from "~/platform/db.server"
import { setEnv } from "~/platform/env.server"
import { followClock, onClockMoved } from "~/platform/followed-clock.server"
import { seed } from "../../prisma/seed"
import { freshFile } from "../support/database"
import { ensureBuilt, startProcess } from "../support/process"
import { webhookSecret } from "./beside"
import { historyBegins, liveThroughHistory } from "./demo-history"
import { type LocalStripe, startLocalStripe } from "./stripe/local-stripe"

const day = 24 * 60 * 60 * 1_000

let stripe: LocalStripe
let settings: Record<string, string>
let file: string
let remove: () => void
let clockFile: string
beforeAll(ensureBuilt, 180_000)
beforeAll(async () => {
  ;({ file, remove } = await freshFile())
  clockFile = join(dirname(file), "clock")
  const today = Math.floor(Date.now() / 1_000)
  stripe = await startLocalStripe({ begins: historyBegins(today), clockFile, webhookSecret })
  await stripe.seedCatalogue()
  settings = {
    STRIPE_SECRET_KEY: stripe.secretKey,
    STRIPE_API_URL: stripe.url,
    STRIPE_WEBHOOK_SECRET: webhookSecret,
    GATEHOUSE_CLOCK_FILE: clockFile,
  }
  setEnv(settings)
  await openDatabase(file)
  await seed()
  followClock(clockFile)
  await liveThroughHistory(stripe, settings, today)
}, 60_000)
afterAll(async () => {
  await closeDatabase()
  await stripe.stop()
  setClock()
  setEnv({})
  remove()
})

const levels = async () => {
  const organizations = await db().organization.findMany({ orderBy: { slug: "asc" } })
  const known = await Promise.all(
    organizations.map(async ({ id, slug }) => [slug, await accessOf(id)] as const),
  )
  return Object.fromEntries(known.map(([slug, { level, status }]) => [slug, `${level} ${status}`]))
}

test("[R1] the demo has an organisation in each state of billing, and nothing that alarms its operator", async () => {
  expect(Math.abs(now().getTime() - Date.now())).toBeLessThan(5_000)
  expect(await levels()).toEqual({
    acme: "full active",
    birch: "none null",
    cedar: "full trialing",
    dune: "full past_due",
    elm: "read_only past_due",
    fern: "archived past_due",
    grove: "read_only canceled",
    harbor: "full active",
  })
  const organizations = await db().organization.findMany({ where: { archivedAt: { not: null } } })
  expect(organizations.map(({ slug }) => slug)).toEqual(["fern"])
  expect(await db().mail.count({ where: { template: "organization_archived" } })).toBe(1)
  await compareIfMissed()
  expect([await db().driftFinding.count(), await listAlerts()]).toEqual([0, []])
})

test("[B15] the app keeps the local Stripe's time: what a month makes due has happened a moment later", async () => {
  await closeDatabase()
  setClock()
  const server = await startProcess({ env: { DATABASE_FILE: file, ...settings } })
  const handle = new Sqlite(file, { readonly: true })
  const held = () =>
    handle
      .prepare<[], { slug: string }>(
        "SELECT slug FROM Organization WHERE id IN (SELECT organizationId FROM ArchiveHold WHERE because = 'billing') ORDER BY slug",
      )
      .all()
      .map(({ slug }) => slug)
  try {
    await stripe.webhookTo({ url: `${server.url}/api/webhooks/stripe`, secret: webhookSecret })
    expect(held()).toEqual(["fern"])
    await stripe.advance({ days: 40 })
    await expect.poll(held, { timeout: 20_000 }).toEqual(["dune", "elm", "fern", "grove"])
    // Signed with the time to which the clock was moved.
    await stripe.settled()
    expect(
      (await stripe.deliveries()).filter(({ attempts }) => attempts.some(({ status }) => status !== 200)),
    ).toEqual([])
    expect(handle.prepare("SELECT key FROM Setting WHERE key LIKE 'alert.%'").all()).toEqual([])
    expect((await fetch(`${server.url}/login`)).status).toBe(200)
  } finally {
    handle.close()
    await server.stop()
    await openDatabase(file)
  }
}, 60_000)

test("[B15] a moved clock is caught up with once, where it came to stand", async () => {
  const folder = mkdtempSync(join(tmpdir(), "gatehouse-clock-"))
  const clockFile = join(folder, "clock")
  writeFileSync(clockFile, "0")
  followClock(clockFile)
  let times = 0
  const stop = onClockMoved(async () => {
    times += 1
  })
  for (const ahead of [day, 4 * day, 8 * day]) writeFileSync(clockFile, String(ahead))
  expect(now().getTime() - Date.now()).toBeGreaterThan(7.9 * day)
  await expect.poll(() => times, { timeout: 5_000 }).toBe(1)
  await new Promise(go => setTimeout(go, 1_800))
  expect(times).toBe(1)
  stop()
  rmSync(folder, { recursive: true })
  expect(now().getTime() - Date.now()).toBeGreaterThan(7.9 * day)
  setClock()
})
