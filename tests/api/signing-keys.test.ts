import { execFile } from "node:child_process"
import { existsSync, mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join, resolve } from "node:path"
import { promisify } from "node:util"
import Sqlite from "better-sqlite3"
import { expect, test } from "vitest"
import { resealSecrets } from "~/domain/accounts/reseal.server"
import { schedules } from "~/jobs.server"
import { connect, db, withDatabase } from "~/platform/db.server"
import { seal, unseal } from "~/platform/sealed.server"
import {
  keySetLifetime,
  publicKeySet,
  publishedAhead,
  publishNextKey,
  replaceSigningKeys,
  signatureLifetime,
  signingKey,
  signingKeyPurpose,
  signingPeriod,
  tendSigningKeys,
} from "~/platform/signing-keys.server"
import { days, hours, minutes, seconds } from "../support/clock"
import { freshFile } from "../support/database"
import { partsOf } from "../support/forgery"
import { Program, signInProgram } from "../support/program"
import { setUpWorld, type World } from "../support/world"

const world = setUpWorld()
const keySet = "/.well-known/jwks.json"
const letters = (letter: string) => Buffer.alloc(32, letter).toString("base64")
const ids = () => publicKeySet().keys.map(key => key.kid)
const acts = async () =>
  (await db().auditEntry.findMany({ where: { act: { startsWith: "keys." } }, orderBy: { at: "asc" } })).map(
    line => [line.act, line.target, line.organizationId],
  )

/** Sealed once more with the same key, a row is opened as after a start: nothing is remembered of it. */
async function sealAnew(id: string) {
  const { privateKey } = await db().signingKey.findUniqueOrThrow({ where: { id } })
  const again = seal(signingKeyPurpose, unseal(signingKeyPurpose, privateKey) ?? "")
  await db().signingKey.update({ where: { id }, data: { privateKey: again } })
}

/** Runs the work over two connections in turn, as two processes would. */
async function overTwo<T>(w: World, times: number, work: () => Promise<T>): Promise<T[]> {
  const [one, two] = [await connect(w.database.file), await connect(w.database.file)]
  try {
    return await Promise.all(Array.from({ length: times }, (_, i) => withDatabase(i % 2 ? one : two, work)))
  } finally {
    await one.close()
    await two.close()
  }
}

test("[A1] the key set: public parts only, to be kept for minutes, for every origin, by GET and HEAD", async () => {
  const w = await world()
  const answer = await fetch(w.url + keySet)
  expect(answer.status).toBe(200)
  expect(answer.headers.get("Cache-Control")).toBe("public, max-age=300")
  expect(answer.headers.get("Content-Type")).toMatch(/^application\/json/)
  expect(answer.headers.get("Access-Control-Allow-Origin")).toBe("*")
  expect(answer.headers.getSetCookie()).toEqual([])
  const text = await answer.text()
  const { keys } = JSON.parse(text)
  expect(keys).toEqual([
    {
      kty: "EC",
      crv: "P-256",
      x: expect.any(String),
      y: expect.any(String),
      kid: ids()[0],
      use: "sig",
      alg: "ES256",
    },
  ])
  const { privateKey } = await db().signingKey.findFirstOrThrow()
  expect(privateKey).not.toMatch(/"d"|kty/)
  expect(text).not.toMatch(/"d":|privateKey/)
  const head = await fetch(w.url + keySet, { method: "HEAD" })
  expect([head.status, await head.text()]).toEqual([200, ""])
  expect((await fetch(w.url + keySet, { method: "POST", headers: { Origin: w.url } })).status).toBe(405)
})

test("[A1] many at once at first use make one key, in one process and in two", async () => {
  const w = await world()
  const made = await Promise.all(Array.from({ length: 20 }, () => signingKey()))
  expect(new Set(made.map(key => key.id)).size).toBe(1)
  expect(await db().signingKey.count()).toBe(1)
  await db().signingKey.deleteMany()
  const again = await overTwo(w, 20, signingKey)
  expect(new Set(again.map(key => key.id)).size).toBe(1)
  expect(await db().signingKey.count()).toBe(1)
})

test("[A1] the next key is published a day before it signs, and the last one stays until its tokens are over", async () => {
  const w = await world()
  const first = (await signingKey()).id
  w.clock.advance(signingPeriod - publishedAhead - minutes(1))
  await tendSigningKeys()
  expect(ids()).toEqual([first])
  w.clock.advance(minutes(2))
  await tendSigningKeys()
  await tendSigningKeys()
  const [second, ...others] = ids()
  expect(others).toEqual([first])
  expect((await signingKey()).id).toBe(first)
  w.clock.advance(publishedAhead - minutes(1))
  expect((await signingKey()).id).toBe(first)
  w.clock.advance(minutes(2))
  expect((await signingKey()).id).toBe(second)
  await tendSigningKeys()
  expect(ids()).toEqual([second, first])
  w.clock.advance(signatureLifetime)
  await tendSigningKeys()
  expect(ids()).toEqual([second])
  expect(await acts()).toEqual([["keys.published", second, null]])
})

test("[A1] over two months of an hourly schedule there is always a key that signs, and every token lives its hour", async () => {
  const w = await world()
  const p = await signInProgram(new Program(w.url), w.cast.alice)
  const signed = new Set<string | undefined>()
  for (let hour = 0; hour < 24 * 62; hour += 6) {
    await tendSigningKeys()
    const { id } = await signingKey()
    signed.add(id)
    expect(ids()).toContain(id)
    expect(ids().length).toBeLessThanOrEqual(2)
    w.clock.advance(hours(6))
  }
  expect(signed.size).toBe(3)
  expect(p.sessionId).toBeTruthy()
  expect(schedules.find(schedule => schedule.run === tendSigningKeys)).toMatchObject({ atStart: true })
})

test("[A1] two who publish at once publish one, and a key that waits to sign soon enough is kept", async () => {
  const w = await world()
  await signingKey()
  const published = await overTwo(w, 10, () => publishNextKey(minutes(10)))
  expect(new Set(published.map(key => key.id)).size).toBe(1)
  expect(await db().signingKey.count()).toBe(2)
  w.clock.advance(minutes(5))
  const again = await publishNextKey(minutes(10))
  expect(again).toEqual(published[0])
  await tendSigningKeys()
  expect(await db().signingKey.count()).toBe(2)
  expect(await acts()).toHaveLength(1)
})

test("[A1] a rotation by hand comes before the one that the schedule has published", async () => {
  const w = await world()
  const first = (await signingKey()).id
  w.clock.advance(signingPeriod - publishedAhead + minutes(1))
  await tendSigningKeys()
  const scheduled = ids()[0]
  const { id, signsFrom } = await publishNextKey(minutes(10))
  expect(id).not.toBe(scheduled)
  expect(ids()).toEqual([id, first])
  expect(+signsFrom - Date.now()).toBeGreaterThan(keySetLifetime)
  w.clock.advance(minutes(10) + seconds(1))
  expect((await signingKey()).id).toBe(id)
})

test("[A1] a clock that was years ahead for a while leaves no key that keeps the next ones from being published", async () => {
  const w = await world()
  const first = (await signingKey()).id
  w.clock.advance(days(3_650))
  await tendSigningKeys()
  w.clock.advance(days(2))
  await tendSigningKeys()
  expect((await signingKey()).id).not.toBe(first)
  w.clock.advance(-days(3_652))
  const now = (await signingKey()).id
  w.clock.advance(signingPeriod - hours(23))
  await tendSigningKeys()
  w.clock.advance(publishedAhead)
  expect((await signingKey()).id).not.toBe(now)
  expect(await db().signingKey.count()).toBe(2)
})

test("[A1] a clock put back by minutes, or a first key from before time was known, signs on", async () => {
  const w = await world()
  const first = (await signingKey()).id
  await publishNextKey(minutes(10))
  w.clock.advance(minutes(11))
  const second = (await signingKey()).id
  w.clock.advance(-minutes(5))
  expect((await signingKey()).id).toBe(first)
  expect(ids()).toEqual([second, first])
  w.clock.advance(-days(400))
  const early = (await signingKey()).id
  expect([first, second]).not.toContain(early)
  w.clock.advance(days(500))
  await tendSigningKeys()
  expect((await signingKey()).id).toBe(second)
})

test("[A1] a key that does not open signs no more: another one does, and its own tokens stay good for their hour", async () => {
  const w = await world()
  w.settings({ ENCRYPTION_KEYS: letters("a") })
  const p = await signInProgram(new Program(w.url), w.cast.alice)
  const lost = (await signingKey()).id
  const old = p.accessToken
  await sealAnew(lost)
  w.settings({ ENCRYPTION_KEYS: letters("b") })
  w.expectErrors()
  const others = await Promise.all(Array.from({ length: 5 }, () => signingKey()))
  expect(new Set(others.map(key => key.id)).size).toBe(1)
  expect(ids()).toEqual([others[0]?.id, lost])
  await p.withCookie("/api/auth/refresh")
  expect(partsOf(p.accessToken).header.kid).toBe(others[0]?.id)
  for (const token of [old, p.accessToken])
    expect((await p.call("GET", "/api/auth/profile", undefined, token)).status).toBe(200)
  w.clock.advance(signatureLifetime + seconds(1))
  await tendSigningKeys()
  expect(ids()).toEqual([others[0]?.id])
})

test("[A1] a published key that does not open is not waited for: the next one takes its place", async () => {
  const w = await world()
  w.settings({ ENCRYPTION_KEYS: letters("a") })
  await signingKey()
  const lost = await publishNextKey(minutes(10))
  w.settings({ ENCRYPTION_KEYS: letters("b") })
  w.expectErrors()
  const { id } = await publishNextKey(minutes(10))
  expect(id).not.toBe(lost.id)
  expect(ids()).not.toContain(lost.id)
})

test("[S8] with a new first key of ENCRYPTION_KEYS signing keys are sealed anew, too, and the old one can go", async () => {
  const w = await world()
  w.settings({ ENCRYPTION_KEYS: letters("a") })
  const { id } = await signingKey()
  await publishNextKey(minutes(10))
  w.settings({ ENCRYPTION_KEYS: `${letters("b")},${letters("a")}` })
  expect(await resealSecrets()).toEqual({ resealed: 2, lost: 0 })
  expect(await resealSecrets()).toEqual({ resealed: 0, lost: 0 })
  w.settings({ ENCRYPTION_KEYS: letters("b") })
  expect((await signingKey()).id).toBe(id)
  expect(await db().signingKey.count()).toBe(2)
})

test("[A1] all keys replaced at once: one is left, and it is written down", async () => {
  await world()
  await signingKey()
  await publishNextKey(minutes(10))
  const { id } = await replaceSigningKeys()
  expect(ids()).toEqual([id])
  expect((await signingKey()).id).toBe(id)
  expect((await acts()).at(-1)).toEqual(["keys.replaced", id, null])
})

test("[L9] the database holds no private key that could be read", async () => {
  const w = await world()
  await signingKey()
  const database = new Sqlite(w.database.file, { readonly: true })
  const rows = database.prepare<[], { privateKey: string }>("SELECT privateKey FROM SigningKey").all()
  database.close()
  expect(rows).toHaveLength(1)
  expect(rows[0]?.privateKey).toMatch(/^[\w-]{8}\.[\w-]+$/)
})

/** As `npm run keys:rotate` runs it, on a file of its own. */
async function rotate(file: string, ...given: string[]): Promise<{ code: number; out: string }> {
  const run = promisify(execFile)(
    process.execPath,
    ["--import", "tsx", resolve("app/commands/keys-rotate.ts"), ...given],
    { env: { PATH: process.env.PATH, NODE_ENV: "development", DATABASE_FILE: file, LOG_LEVEL: "warn" } },
  )
  return run.then(
    ({ stdout, stderr }) => ({ code: 0, out: stdout + stderr }),
    error => ({ code: Number(error.code), out: `${error.stdout}${error.stderr}` }),
  )
}

type Key = { id: string; signsFrom: number }

test("[R5] keys:rotate publishes the next key, --now replaces all, and each leaves a line", async () => {
  const { file, remove } = await freshFile()
  const read = <Row>(sql: string) => {
    const database = new Sqlite(file, { readonly: true })
    const rows = database.prepare<[], Row>(sql).all()
    database.close()
    return rows
  }
  try {
    const first = await rotate(file)
    const [key] = read<Key>("SELECT id, signsFrom FROM SigningKey")
    expect(first).toEqual({
      code: 0,
      out: `Key ${key?.id} is published, and signs from ${new Date(key?.signsFrom ?? 0).toISOString()}.\n`,
    })
    const now = await rotate(file, "--now")
    expect(now.code).toBe(0)
    const [other, ...more] = read<Key>("SELECT id, signsFrom FROM SigningKey")
    expect([other?.id === key?.id, more]).toEqual([false, []])
    expect(now.out).toContain(`Key ${other?.id} signs from now on.`)
    expect(read("SELECT act, target FROM AuditEntry ORDER BY at")).toEqual([
      { act: "keys.published", target: key?.id },
      { act: "keys.replaced", target: other?.id },
    ])
    expect(await rotate(file, "--later")).toEqual({ code: 1, out: "Usage: npm run keys:rotate [-- --now]\n" })
  } finally {
    remove()
  }
})

test("[R5] keys:rotate makes no new database where there is none, and says so", async () => {
  const folder = mkdtempSync(join(tmpdir(), "gatehouse-keys-"))
  const file = join(folder, "none.sqlite")
  expect(await rotate(file)).toEqual({ code: 1, out: `There is no database at ${file}.\n` })
  expect(existsSync(file)).toBe(false)
  rmSync(folder, { recursive: true })
})
