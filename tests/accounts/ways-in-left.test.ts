import { expect, test } from "vitest"
import { removePasskey } from "~/domain/accounts/passkeys.server"
import { isLastWayIn, waysIn } from "~/domain/accounts/ways-in.server"
import { connect, db, transaction, withDatabase } from "~/platform/db.server"
import { newId } from "~/platform/ids.server"
import type { User } from "~/platform/models.server"
import { Authenticator } from "../support/authenticator"
import { givePasskey, laptop } from "../support/passkey"
import { setUpWorld, type World } from "../support/world"

const world = setUpWorld()

/** Mail to this address comes back: no link and no code arrives. */
const suppress = ({ email }: User) =>
  db().suppression.create({ data: { email, reason: "bounced", createdAt: new Date() } })

const setPassword = ({ id: userId }: User) =>
  db().password.create({ data: { userId, hash: "x", changedAt: new Date() } })

const connectIdentity = ({ id: userId }: User, provider: string) =>
  db().identity.create({
    data: {
      id: newId(),
      userId,
      provider,
      issuer: "https://id.test",
      subject: userId,
      connectedAt: new Date(),
    },
  })

async function withPasskeys(w: World, user: User, count: number) {
  const sessions = []
  for (let i = 0; i < count; i++) sessions.push(await givePasskey(user, new Authenticator(w.url), `Key ${i}`))
  const keys = await db().passkey.findMany({ where: { userId: user.id }, orderBy: { createdAt: "asc" } })
  const owner = { ...user, sessionId: sessions.at(-1)?.sessionId ?? "" }
  return { owner, ids: keys.map(({ id }) => id) }
}

const remove = (owner: { id: string; email: string; sessionId: string }, id = "") =>
  removePasskey(owner, { id, requester: laptop })

test("[S10] the last way in cannot be removed, and can once there is another", async () => {
  const w = await world()
  const { alice } = w.cast
  const { owner, ids } = await withPasskeys(w, alice, 2)
  await suppress(alice)
  expect((await remove(owner, ids[0])).ok).toBe(true)
  expect(await remove(owner, ids[1])).toEqual({ ok: false, error: "last" })
  expect(await db().passkey.count()).toBe(1)
  await db().suppression.deleteMany()
  expect((await remove(owner, ids[1])).ok).toBe(true)
})

test("[S10] of two last ways removed at once, one stays", async () => {
  const w = await world()
  const { alice } = w.cast
  const { owner, ids } = await withPasskeys(w, alice, 2)
  await suppress(alice)
  const other = await connect(w.database.file)
  try {
    const removed = await Promise.all([
      remove(owner, ids[0]),
      withDatabase(other, () => remove(owner, ids[1])),
    ])
    expect(removed.filter(({ ok }) => ok)).toHaveLength(1)
  } finally {
    await other.close()
  }
  expect(await db().passkey.count({ where: { userId: alice.id } })).toBe(1)
})

test("[S10] what counts as a way in is what opens the account today", async () => {
  const w = await world()
  const { alice } = w.cast
  const { ids } = await withPasskeys(w, alice, 1)
  await setPassword(alice)
  const identity = await connectIdentity(alice, "oidc")
  const now = () => waysIn(db(), alice.id)
  expect(await now()).toEqual({ email: true, password: true, passkeys: ids, identities: [] })
  w.settings({ OIDC_ISSUER: "https://id.test", OIDC_CLIENT_ID: "x", OIDC_CLIENT_SECRET: "y" })
  expect((await now()).identities).toEqual([identity.id])
  w.settings({ PASSWORDS: "off" })
  expect((await now()).password).toBe(false)
  w.settings({ WEBAUTHN_RP_ORIGIN: "https://gate.example.com" })
  expect((await now()).passkeys).toEqual([])
  w.settings({ SMTP_HOST: "" })
  expect((await now()).email).toBe(false)
  await suppress(alice)
  w.settings({})
  expect((await now()).email).toBe(false)
})

test("[S10] each kind is the last one only while nothing else is left", async () => {
  const w = await world()
  const { alice, bob } = w.cast
  await suppress(alice)
  await setPassword(alice)
  const last = (user: User, without: Parameters<typeof isLastWayIn>[2]) =>
    transaction(tx => isLastWayIn(tx, user.id, without))
  expect(await last(alice, { password: true })).toBe(true)
  w.settings({ OIDC_ISSUER: "https://id.test", OIDC_CLIENT_ID: "x", OIDC_CLIENT_SECRET: "y" })
  const { id: identityId } = await connectIdentity(alice, "oidc")
  expect(await last(alice, { password: true })).toBe(false)
  expect(await last(alice, { identityIds: [identityId] })).toBe(false)
  await db().password.deleteMany()
  expect(await last(alice, { identityIds: [identityId] })).toBe(true)
  await setPassword(bob)
  expect(await last(bob, { password: true })).toBe(false)
})

test("[S10] a passkey of another host name opens nothing, and may always go", async () => {
  const w = await world()
  const { alice } = w.cast
  const { owner, ids } = await withPasskeys(w, alice, 1)
  await suppress(alice)
  w.settings({ WEBAUTHN_RP_ORIGIN: "https://gate.example.com" })
  expect((await remove(owner, ids[0])).ok).toBe(true)
})
