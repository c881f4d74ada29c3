import { expect, test } from "vitest"
import { ceremonyLifetime, purgePasskeyChallenges } from "~/domain/accounts/passkey-challenge.server"
import { checkPasskey, checkPasskeyProof } from "~/domain/accounts/passkey-check.server"
import {
  proofOptions,
  registrationOptions,
  secondFactorOptions,
  signInOptions,
} from "~/domain/accounts/passkey-options.server"
import { registerPasskey } from "~/domain/accounts/passkey-registration.server"
import { mostPasskeys } from "~/domain/accounts/passkey-words"
import { listPasskeys, removePasskey, renamePasskey } from "~/domain/accounts/passkeys.server"
import { createSession, findSession } from "~/domain/accounts/sessions.server"
import { issueLink } from "~/domain/links/issue.server"
import { signInWithPasskey } from "~/domain/sign-in/passkey-sign-in.server"
import { connect, db, transaction, withDatabase } from "~/platform/db.server"
import { newId } from "~/platform/ids.server"
import type { User } from "~/platform/models.server"
import { Authenticator } from "../support/authenticator"
import { day } from "../support/cast"
import { givePasskey, laptop } from "../support/passkey"
import { setUpWorld, type World } from "../support/world"

const world = setUpWorld()

const attempt = { requester: laptop }

async function withPasskey(w: World, user: User = w.cast.alice, authenticator = new Authenticator(w.url)) {
  const { sessionId, sessionToken } = await givePasskey(user, authenticator)
  const passkey = await db().passkey.findUniqueOrThrow({ where: { credentialId: authenticator.id } })
  return { user, authenticator, sessionId, sessionToken, passkey, owner: { ...user, sessionId } }
}

const signInBy = async (authenticator: Authenticator, lie = {}) =>
  signInWithPasskey(authenticator.get(await signInOptions(), lie), attempt)

test("[S12] a passkey signs in without an address, and counts as both factors", async () => {
  const w = await world()
  const { authenticator, user } = await withPasskey(w)
  const options = await signInOptions()
  expect(options.allowCredentials ?? []).toEqual([])
  expect(options.userVerification).toBe("required")
  const entered = await signInWithPasskey(JSON.stringify(authenticator.get(options)), attempt)
  expect(entered).toMatchObject({ ok: true, value: { kind: "session", userId: user.id } })
  const session = entered.ok ? findSession(entered.value.token) : undefined
  expect(session).toMatchObject({ userId: user.id, method: "passkey", twoFactors: true })
  const [listed] = await listPasskeys(user.id)
  expect(listed?.lastUsedAt).not.toBeNull()
})

test("[S9] someone with two-factor sign-in on owes nothing more after a passkey", async () => {
  const w = await world()
  const { authenticator, user } = await withPasskey(w)
  const at = new Date()
  await db().totp.create({ data: { userId: user.id, secret: "sealed", createdAt: at, confirmedAt: at } })
  expect(await signInBy(authenticator)).toMatchObject({ ok: true, value: { kind: "session" } })
})

test("[S12] a new passkey gets its name, ends other sessions and links, and is told by mail", async () => {
  const w = await world()
  const { alice } = w.cast
  const other = await transaction(tx => createSession(tx, alice.id, { method: "email" }, laptop))
  const link = await issueLink(db(), { purpose: "sign_in", email: alice.email })
  const { sessionToken } = await withPasskey(w)
  expect(findSession(other.token)).toBeUndefined()
  expect(findSession(sessionToken)).toMatchObject({ userId: alice.id, twoFactors: true })
  expect((await db().link.findFirstOrThrow({ where: { email: alice.email } })).voidedAt).not.toBeNull()
  expect(link.token).toBeTruthy()
  await w.settle()
  expect(w.mailbox.latestTo(alice.email).text).toContain("A passkey was added (Laptop)")
  expect(await db().securityEvent.count({ where: { userId: alice.id, kind: "passkey_added" } })).toBe(1)
  expect(await listPasskeys(alice.id)).toMatchObject([
    { name: "Laptop", madeOn: "Firefox on Linux", otherHost: null },
  ])
})

test("[S2] the session a passkey was made in has a new id", async () => {
  const w = await world()
  const { alice } = w.cast
  const before = await transaction(tx => createSession(tx, alice.id, { method: "email" }, laptop))
  const answer = new Authenticator(w.url).create(await optionsFor(alice))
  const made = await registerPasskey(registrant(alice, before.id), { name: "", answer })
  expect(findSession(before.token)).toBeUndefined()
  expect(made.ok && findSession(made.value.sessionToken)?.sessionId).toBe(before.id)
  expect((await listPasskeys(alice.id))[0]?.name).toBe("Firefox on Linux")
})

const optionsFor = ({ id: userId, email, name }: User) => registrationOptions({ userId, email, name })
const registrant = ({ id: userId, email }: User, sessionId: string) => ({
  userId,
  email,
  sessionId,
  requester: laptop,
})

test.each([
  ["from another address", { origin: "https://evil.test" }, "wrong"],
  ["for another host name", { rpId: "evil.test" }, "wrong"],
  ["without looking at the person", { userVerified: false }, "wrong"],
  ["of another kind", { type: "webauthn.get" }, "wrong"],
  ["with a challenge nobody made", { challenge: Buffer.alloc(54).toString("base64url") }, "wrong"],
  ["with a short challenge", { challenge: "AAAA" }, "wrong"],
])("[S12] no passkey is made %s", async (_, lie, why) => {
  const w = await world()
  const { alice } = w.cast
  const session = await transaction(tx => createSession(tx, alice.id, { method: "email" }, laptop))
  const answer = new Authenticator(w.url).create(await optionsFor(alice), lie)
  const made = await registerPasskey(registrant(alice, session.id), { name: "x", answer })
  expect(made).toEqual({ ok: false, error: why })
  expect(await db().passkey.count()).toBe(0)
  expect(findSession(session.token)).toBeDefined()
})

test("[S5] the options for a passkey are worthless to another person, or for another ceremony", async () => {
  const w = await world()
  const { alice, charlie } = w.cast
  const session = await transaction(tx => createSession(tx, charlie.id, { method: "email" }, laptop))
  const who = registrant(charlie, session.id)
  const authenticator = new Authenticator(w.url)
  const hers = await registerPasskey(who, {
    name: "x",
    answer: authenticator.create(await optionsFor(alice)),
  })
  expect(hers).toEqual({ ok: false, error: "wrong" })
  const { challenge } = await proofOptions(charlie.id)
  const own = authenticator.create({ ...(await optionsFor(charlie)), challenge })
  expect(await registerPasskey(who, { name: "x", answer: own })).toEqual({ ok: false, error: "wrong" })
  expect(await db().passkey.count()).toBe(0)
})

test("[S12] one answer makes one passkey, and a session that is over makes none", async () => {
  const w = await world()
  const { alice } = w.cast
  const session = await transaction(tx => createSession(tx, alice.id, { method: "email" }, laptop))
  const who = registrant(alice, session.id)
  const authenticator = new Authenticator(w.url)
  const answer = authenticator.create(await optionsFor(alice))
  expect((await registerPasskey(who, { name: "x", answer })).ok).toBe(true)
  expect(await registerPasskey(who, { name: "x", answer })).toEqual({ ok: false, error: "used" })
  const again = authenticator.create(await optionsFor(alice))
  expect(await registerPasskey(who, { name: "x", answer: again })).toEqual({ ok: false, error: "taken" })
  await db().session.update({ where: { id: session.id }, data: { endedAt: new Date() } })
  const late = new Authenticator(w.url).create(await optionsFor(alice))
  expect(await registerPasskey(who, { name: "x", answer: late })).toEqual({ ok: false, error: "signed_out" })
  expect(await db().passkey.count()).toBe(1)
})

test("[S12] nobody hoards passkeys", async () => {
  const w = await world()
  const { user, sessionId } = await withPasskey(w)
  const more = Array.from({ length: mostPasskeys - 1 }, (_, i) => row(user.id, `more-${i}`))
  await db().passkey.createMany({ data: more })
  const answer = new Authenticator(w.url).create(await optionsFor(user))
  const made = await registerPasskey(registrant(user, sessionId), { name: "x", answer })
  expect(made).toEqual({ ok: false, error: "too_many" })
})

const row = (userId: string, credentialId: string, rpId = "localhost") => ({
  id: newId(),
  userId,
  credentialId,
  publicKey: Buffer.from("key"),
  counter: 0,
  rpId,
  name: credentialId,
  createdAt: new Date(),
})

test("[S12] a device that holds one of their passkeys is told not to make another", async () => {
  const w = await world()
  const { user, authenticator } = await withPasskey(w)
  await db().passkey.create({ data: row(user.id, "b3RoZXI", "old.example.com") })
  const { excludeCredentials, authenticatorSelection, user: named } = await optionsFor(user)
  expect(excludeCredentials).toMatchObject([{ id: authenticator.id, transports: ["internal", "hybrid"] }])
  expect(authenticatorSelection).toMatchObject({ residentKey: "required", userVerification: "required" })
  // What an authenticator keeps and shows to anyone who holds it must not be an address (WebAuthn, 14.6.1).
  expect(Buffer.from(named.id, "base64url").toString()).not.toContain("@")
})

test.each([
  ["from another address", { origin: "https://evil.test" }],
  ["for another host name", { rpId: "evil.test" }],
  ["without looking at the person", { userVerified: false }],
  ["of another kind", { type: "webauthn.create" }],
  ["from within a foreign page", { crossOrigin: true, origin: "https://evil.test" }],
  ["signed by another key", { signature: Buffer.alloc(70) }],
  ["for another person", { userHandle: Buffer.from("somebody").toString("base64url") }],
  ["with a challenge nobody made", { challenge: Buffer.alloc(54).toString("base64url") }],
])("[S12] an answer %s signs nobody in, and its challenge stays good", async (_, lie) => {
  const w = await world()
  const { authenticator, user } = await withPasskey(w)
  const options = await signInOptions()
  const lied = await signInWithPasskey(authenticator.get(options, lie), attempt)
  expect(lied).toEqual({ ok: false, error: "wrong" })
  expect(await db().securityEvent.count({ where: { userId: user.id, kind: "passkey_refused" } })).toBe(0)
  expect((await signInWithPasskey(authenticator.get(options), attempt)).ok).toBe(true)
})

test("[S12] what is no answer, and a passkey nobody knows, sign nobody in", async () => {
  const w = await world()
  const { authenticator } = await withPasskey(w)
  const good = authenticator.get(await signInOptions())
  const broken = [
    undefined,
    "",
    "{",
    "null",
    "x".repeat(20_000),
    { ...good, type: "password" },
    { ...good, response: {} },
  ]
  for (const answer of broken)
    expect(await signInWithPasskey(answer, attempt)).toEqual({ ok: false, error: "malformed" })
  const stranger = new Authenticator(w.url)
  stranger.userHandle = authenticator.userHandle
  expect(await signInBy(stranger)).toEqual({ ok: false, error: "unknown" })
  const nameless = { ...good, response: { ...good.response, userHandle: undefined } }
  expect(await signInWithPasskey(nameless, attempt)).toEqual({ ok: false, error: "wrong" })
})

test("[S12] a challenge works once, for minutes, and two tabs have one each", async () => {
  const w = await world()
  const { authenticator } = await withPasskey(w)
  const [one, two] = [await signInOptions(), await signInOptions()]
  expect(one.challenge).not.toBe(two.challenge)
  const first = authenticator.get(one)
  const second = authenticator.get(two)
  expect((await signInWithPasskey(first, attempt)).ok).toBe(true)
  expect((await signInWithPasskey(second, attempt)).ok).toBe(true)
  expect(await signInWithPasskey(authenticator.get(one), attempt)).toEqual({ ok: false, error: "used" })
  const late = await signInOptions()
  w.clock.advance(ceremonyLifetime)
  expect(await signInWithPasskey(authenticator.get(late), attempt)).toEqual({ ok: false, error: "expired" })
})

test("[S12] of two copies of one answer at once, one signs in", async () => {
  const w = await world()
  const { authenticator, user } = await withPasskey(
    w,
    w.cast.alice,
    new Authenticator(w.url, { counting: false }),
  )
  const before = await db().session.count({ where: { userId: user.id } })
  const answer = authenticator.get(await signInOptions())
  const other = await connect(w.database.file)
  try {
    const tries = await Promise.all([
      signInWithPasskey(answer, attempt),
      withDatabase(other, () => signInWithPasskey(answer, attempt)),
    ])
    expect(tries.filter(({ ok }) => ok)).toHaveLength(1)
    expect(tries.find(({ ok }) => !ok)).toEqual({ ok: false, error: "used" })
  } finally {
    await other.close()
  }
  expect(await db().session.count({ where: { userId: user.id } })).toBe(before + 1)
})

test("[L6] a sign-in that fails after the challenge was spent gives it back", async () => {
  const w = await world()
  const { authenticator, user } = await withPasskey(w)
  const answer = authenticator.get(await signInOptions())
  await expect(withFailingSessions(() => signInWithPasskey(answer, attempt))).rejects.toThrow()
  expect((await db().passkey.findFirstOrThrow({ where: { userId: user.id } })).lastUsedAt).toBeNull()
  expect((await signInWithPasskey(answer, attempt)).ok).toBe(true)
})

/** Runs `work` while no session can be written. */
async function withFailingSessions<T>(work: () => Promise<T>): Promise<T> {
  await db().$executeRawUnsafe(
    "CREATE TRIGGER no_session BEFORE INSERT ON Session BEGIN SELECT RAISE(ABORT, 'no session'); END",
  )
  try {
    return await work()
  } finally {
    await db().$executeRawUnsafe("DROP TRIGGER no_session")
  }
}

test("[S12] a counter that goes backwards, or stands still, is refused, written down and told once a day", async () => {
  const w = await world()
  const { authenticator, user } = await withPasskey(w)
  authenticator.counter = 40
  expect((await signInBy(authenticator)).ok).toBe(true)
  for (const counter of [41, 7, 0])
    expect(await signInBy(authenticator, { counter })).toEqual({ ok: false, error: "copied" })
  const events = { userId: user.id, kind: "passkey_refused" }
  expect(await db().securityEvent.findMany({ where: events })).toMatchObject(
    Array.from({ length: 3 }, () => ({ detail: "Laptop", clientAddress: laptop.clientAddress })),
  )
  const told = () =>
    db().mail.count({ where: { template: "security_notice", parameters: { contains: "passkey_refused" } } })
  expect(await told()).toBe(1)
  await w.settle()
  expect(w.mailbox.latestTo(user.email).text).toContain("a copy of it may exist (Laptop)")
  w.clock.advance(day + 1)
  await signInBy(authenticator, { counter: 3 })
  expect(await told()).toBe(2)
  // The one with the higher count goes on working.
  authenticator.counter = 50
  expect((await signInBy(authenticator)).ok).toBe(true)
})

test("[S12] an authenticator that keeps no counter signs in again and again", async () => {
  const w = await world()
  const { authenticator } = await withPasskey(w, w.cast.alice, new Authenticator(w.url, { counting: false }))
  for (let i = 0; i < 3; i++) expect((await signInBy(authenticator)).ok).toBe(true)
})

test("[S12] a passkey made under another host name is listed as such, not offered, and opens nothing", async () => {
  const w = await world()
  const { authenticator, user } = await withPasskey(w)
  w.settings({ WEBAUTHN_RP_ORIGIN: "https://gate.example.com" })
  expect(await listPasskeys(user.id)).toMatchObject([{ name: "Laptop", otherHost: "localhost" }])
  expect((await proofOptions(user.id)).allowCredentials ?? []).toEqual([])
  expect((await secondFactorOptions(user.id)).allowCredentials ?? []).toEqual([])
  // Even one that lies about its name.
  const lie = { rpId: "gate.example.com", origin: "https://gate.example.com" }
  expect(await signInBy(authenticator, lie)).toEqual({ ok: false, error: "wrong" })
})

test("[S12] someone disabled, or deleted, is not let in by their passkey", async () => {
  const w = await world()
  const { authenticator, user } = await withPasskey(w, w.cast.bob)
  await db().user.update({ where: { id: user.id }, data: { disabledAt: new Date() } })
  expect(await signInBy(authenticator)).toEqual({ ok: false, error: "disabled" })
  await db().membership.deleteMany({ where: { userId: user.id } })
  await db().user.delete({ where: { id: user.id } })
  expect(await signInBy(authenticator)).toEqual({ ok: false, error: "unknown" })
})

test("[S5] a passkey proves anew who somebody is, themselves only", async () => {
  const w = await world()
  const { authenticator, user } = await withPasskey(w)
  const { charlie } = w.cast
  const answer = authenticator.get(await proofOptions(user.id))
  expect(await checkPasskeyProof(charlie.id, answer, laptop)).toEqual({ ok: false, error: "wrong" })
  const foreign = authenticator.get(await proofOptions(charlie.id))
  expect(await checkPasskeyProof(charlie.id, foreign, laptop)).toEqual({ ok: false, error: "unknown" })
  const signIn = authenticator.get(await signInOptions())
  expect(await checkPasskeyProof(user.id, signIn, laptop)).toEqual({ ok: false, error: "wrong" })
  expect(
    await checkPasskeyProof(user.id, authenticator.get(await proofOptions(user.id)), laptop),
  ).toMatchObject({
    ok: true,
  })
})

test("[S9] a passkey is a second factor, in its own ceremony only", async () => {
  const w = await world()
  const { authenticator, user } = await withPasskey(w)
  const ceremony = { kind: "second_factor", userId: user.id } as const
  const options = await secondFactorOptions(user.id)
  expect(options.allowCredentials).toMatchObject([{ id: authenticator.id }])
  const proof = authenticator.get(await proofOptions(user.id))
  expect(await checkPasskey(ceremony, proof, laptop)).toEqual({ ok: false, error: "wrong" })
  const answer = authenticator.get(options)
  expect((await checkPasskey(ceremony, answer, laptop)).ok).toBe(true)
  expect(await checkPasskey(ceremony, answer, laptop)).toEqual({ ok: false, error: "used" })
})

test("[S10] a removed passkey opens nothing; it ends other sessions and is told", async () => {
  const w = await world()
  const { authenticator, user, passkey, owner, sessionToken } = await withPasskey(w)
  const phone = await signInBy(authenticator)
  const removed = await removePasskey(owner, { id: passkey.id, requester: laptop })
  expect(removed).toEqual({ ok: true, value: { name: "Laptop" } })
  expect(phone.ok && findSession(phone.value.token)).toBeUndefined()
  expect(findSession(sessionToken)).toBeDefined()
  expect(await signInBy(authenticator)).toEqual({ ok: false, error: "unknown" })
  await w.settle()
  expect(w.mailbox.latestTo(user.email).text).toContain("A passkey was removed (Laptop)")
})

test("[S10] a stranger renames and removes nothing", async () => {
  const w = await world()
  const { passkey } = await withPasskey(w)
  const { charlie } = w.cast
  const stranger = { ...charlie, sessionId: "x" }
  expect(await removePasskey(stranger, { id: passkey.id, requester: laptop })).toEqual({
    ok: false,
    error: "gone",
  })
  const renaming = { id: passkey.id, name: "Mine", requester: laptop }
  expect(await renamePasskey(charlie.id, renaming)).toEqual({ ok: false, error: "gone" })
  expect(await listPasskeys(passkey.userId)).toMatchObject([{ name: "Laptop" }])
})

test("[L20] spent challenges are kept for as long as they could be spent, and purged twice alike", async () => {
  const w = await world()
  const { authenticator } = await withPasskey(w)
  const options = await signInOptions()
  w.clock.advance(ceremonyLifetime - 2000)
  expect((await signInWithPasskey(authenticator.get(options), attempt)).ok).toBe(true)
  await purgePasskeyChallenges()
  expect(await signInWithPasskey(authenticator.get(options), attempt)).toEqual({ ok: false, error: "used" })
  w.clock.advance(ceremonyLifetime + 1)
  expect(await purgePasskeyChallenges()).toBeGreaterThan(0)
  expect(await purgePasskeyChallenges()).toBe(0)
  expect(await db().passkeyChallenge.count()).toBe(0)
})

test("[L9] a copy of the database holds nothing that answers a challenge", async () => {
  const w = await world()
  const { authenticator } = await withPasskey(w)
  const { challenge } = await signInOptions()
  await signInBy(authenticator, { challenge })
  const rows = JSON.stringify(await db().passkeyChallenge.findMany())
  expect(rows).not.toContain(challenge)
})
