import { expect, test } from "vitest"
import { resealSecrets } from "~/domain/accounts/reseal.server"
import { checkTotp } from "~/domain/accounts/totp.server"
import { listAlerts } from "~/domain/mail/alerts.server"
import { db, transaction } from "~/platform/db.server"
import { buildUser } from "../support/cast"
import { withTwoFactor } from "../support/two-factor"
import { setUpWorld } from "../support/world"

const open = setUpWorld()
const key = (letter: string) => Buffer.alloc(32, letter).toString("base64")
const check = (userId: string, code: string) => transaction(tx => checkTotp(tx, userId, code))
const sealed = async (userId: string) => (await db().totp.findUniqueOrThrow({ where: { userId } })).secret

test("[S8] with a new first key every secret is sealed anew, and the old key can go", async () => {
  const world = await open()
  world.settings({ ENCRYPTION_KEYS: key("a") })
  const people = await Promise.all(
    Array.from({ length: 450 }, (_, at) => buildUser(db(), { email: `p${at}@acme.test` })),
  )
  const last = people.at(-1)?.id ?? ""
  const app = await withTwoFactor(last)
  const secret = await sealed(last)
  const at = new Date()
  await db().totp.createMany({
    data: people.slice(0, -1).map(({ id: userId }) => ({ userId, secret, createdAt: at, confirmedAt: at })),
  })
  world.settings({ ENCRYPTION_KEYS: `${key("b")},${key("a")}` })
  expect(await resealSecrets()).toEqual({ resealed: 450, lost: 0 })
  expect(await resealSecrets()).toEqual({ resealed: 0, lost: 0 })
  world.settings({ ENCRYPTION_KEYS: key("b") })
  expect((await check(last, app.code())).ok).toBe(true)
})

test("[S8] a key taken out too early is told to the operators, signs nobody in, and comes back", async () => {
  const world = await open()
  world.settings({ ENCRYPTION_KEYS: key("a") })
  const app = await withTwoFactor(world.cast.bob.id)
  world.settings({ ENCRYPTION_KEYS: key("b") })
  expect(await resealSecrets()).toEqual({ resealed: 0, lost: 1 })
  expect((await listAlerts()).map(alert => alert.key)).toEqual(["secrets-do-not-open"])
  expect(await check(world.cast.bob.id, app.code())).toEqual({ ok: false, error: "wrong" })
  world.expectErrors()
  world.settings({ ENCRYPTION_KEYS: `${key("b")},${key("a")}` })
  expect(await resealSecrets()).toEqual({ resealed: 1, lost: 0 })
  expect(await listAlerts()).toEqual([])
  expect((await check(world.cast.bob.id, app.code())).ok).toBe(true)
})
