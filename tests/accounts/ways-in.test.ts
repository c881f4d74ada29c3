import { afterAll, beforeAll, expect, test, vi } from "vitest"
import { connectIdentity } from "~/domain/accounts/identities.server"
import { signInOptions } from "~/domain/accounts/passkey-options.server"
import { createSession } from "~/domain/accounts/sessions.server"
import { issueLink, type LinkRequest } from "~/domain/links/issue.server"
import { linkPath } from "~/domain/links/purposes"
import { makeSetupLink } from "~/domain/sign-in/operator-setup.server"
import { db, transaction } from "~/platform/db.server"
import { type OpenId, startOpenId } from "../stand-ins/openid/openid"
import { tenants } from "../stand-ins/openid/people"
import { Authenticator } from "../support/authenticator"
import type { Browser, Visit } from "../support/browser"
import { buildInvitation } from "../support/cast"
import { requester } from "../support/membership"
import { givePasskey } from "../support/passkey"
import { givePassword, otherPassword, typePassword } from "../support/passwords"
import { through } from "../support/through-provider"
import { type AuthenticatorApp, withTwoFactor } from "../support/two-factor"
import { confirm, mailedLink, setUpWorld, type World, whoIs } from "../support/world"

/* Every way in, in every state an account can be in: what it ends with, and whether the organisation then opens. */

vi.setConfig({ testTimeout: 60_000 })

const open = setUpWorld()
let openId: OpenId
beforeAll(async () => {
  openId = await startOpenId()
})
afterAll(() => openId.stop())

const secondStep = "/login/second-factor"

type Outcome =
  /** Signed in, and their organisation opens. */
  | "in"
  /** Signed in, and led to set up or show what the organisation asks for. */
  | "in, owes a factor"
  /** Signed in, and the organisation says that it is archived. */
  | "in, archived"
  /** Signed in, and nothing is left of what was made before anybody showed that the mailbox is theirs. */
  | "in, stripped"
  /** Not signed in before the second factor is shown, and signed in then. */
  | "second step"
  | "asks for the mailbox"
  | "out"

const states = ["plain", "two-factor", "passkey", "MFA required", "archived", "disabled", "unproven"] as const
type State = (typeof states)[number]
type Expected = Record<State, Outcome>

/** Prepares Bob's way in; what it returns goes it. */
type Way = (w: World, browser: Browser) => Promise<() => Promise<Visit>>

/** By one factor. */
const byOne: Expected = {
  plain: "in",
  "two-factor": "second step",
  passkey: "in",
  "MFA required": "in, owes a factor",
  archived: "in, archived",
  disabled: "out",
  unproven: "in",
}
/** By one factor that shows the mailbox. */
const byMail: Expected = { ...byOne, unproven: "in, stripped" }
/** By two factors. */
const byTwo: Expected = { ...byOne, "two-factor": "in", "MFA required": "in" }
/** By an invitation: whoever has an account signs in first; a mailbox nobody has proven is proven by it. */
const byInvitation: Expected = {
  plain: "out",
  "two-factor": "out",
  passkey: "out",
  "MFA required": "out",
  archived: "out",
  disabled: "out",
  unproven: "in, stripped",
}
/** By a provider: nobody's word replaces the first proof of a mailbox. */
const byProvider: Expected = { ...byOne, unproven: "asks for the mailbox" }

const ways: Record<string, { way: Way; expected: Expected }> = {
  link: {
    way: async (w, browser) => {
      const { link } = await mailedLink(w, browser, "bob@acme.test")
      return () => confirm(browser, link)
    },
    expected: byMail,
  },
  code: {
    way: async (w, browser) => {
      const { code } = await mailedLink(w, browser, "bob@acme.test")
      return () => browser.post("/login/sent", { code })
    },
    expected: byMail,
  },
  activation: {
    way: async (w, browser) => {
      const { acme } = w.cast
      return posts(w, browser, { purpose: "activation", organizationId: acme.id }, { name: "Bob" })
    },
    expected: byMail,
  },
  invitation: {
    way: async (w, browser) => {
      const { birch, bob, charlie } = w.cast
      const open = { organization: birch, email: bob.email, invitedBy: charlie }
      const { id: invitationId } = await buildInvitation(db(), open)
      const link = { purpose: "invitation", organizationId: birch.id, invitationId } as const
      return posts(w, browser, link, { name: "Bob" })
    },
    expected: byInvitation,
  },
  reset: {
    way: (w, browser) => posts(w, browser, { purpose: "password_reset" }, { password: otherPassword }),
    expected: byMail,
  },
  "operator set-up": {
    way: async (_w, browser) => {
      await db().user.updateMany({ data: { isOperator: false } })
      const link = browser.inside((await makeSetupLink()) ?? "")
      return () => confirm(browser, link, { name: "Bob", email: "bob@acme.test" })
    },
    expected: byMail,
  },
  password: {
    way: async (w, browser) => {
      await givePassword(w.cast.bob)
      return () => typePassword(browser, "bob@acme.test")
    },
    expected: byOne,
  },
  passkey: {
    way: async (w, browser) => {
      const authenticator = await passkeyOf(w)
      return async () => {
        const passkey = JSON.stringify(authenticator.get(await signInOptions()))
        return browser.post("/login/passkey", { passkey })
      }
    },
    expected: byTwo,
  },
  "link and authenticator app": {
    way: async (w, browser) => {
      const app = await withTwoFactor(w.cast.bob.id)
      const { link } = await mailedLink(w, browser, "bob@acme.test")
      return () => inTwoSteps(browser, link, { by: "totp", code: app.code() })
    },
    expected: { ...byTwo, unproven: "in, stripped" },
  },
  "link and recovery code": {
    way: async (w, browser) => {
      const { recoveryCodes } = await withTwoFactor(w.cast.bob.id)
      const { link } = await mailedLink(w, browser, "bob@acme.test")
      return () => inTwoSteps(browser, link, { by: "recovery_code", code: recoveryCodes[0] ?? "" })
    },
    expected: { ...byTwo, unproven: "in, stripped" },
  },
  Google: { way: (w, browser) => fromProvider(w, browser, "google"), expected: byProvider },
  Microsoft: { way: (w, browser) => fromProvider(w, browser, "microsoft"), expected: byProvider },
  "another provider": { way: (w, browser) => fromProvider(w, browser, "oidc"), expected: byProvider },
}

/** Bob has made a passkey before. */
async function passkeyOf(w: World): Promise<Authenticator> {
  const authenticator = new Authenticator(w.url)
  await givePasskey(w.cast.bob, authenticator)
  await db().session.deleteMany()
  return authenticator
}

/** The page behind a mailed link of this purpose, filled in and sent. */
async function posts(
  w: World,
  browser: Browser,
  request: Omit<LinkRequest, "email">,
  fields: Record<string, string>,
) {
  const { token } = await issueLink(db(), { ...request, email: w.cast.bob.email })
  return () => confirm(browser, linkPath(request.purpose, token), fields)
}

async function inTwoSteps(browser: Browser, link: string, fields: Record<string, string>): Promise<Visit> {
  const half = await confirm(browser, link)
  if (half.location !== secondStep) return half
  expect(await whoIs(browser)).toBeUndefined()
  return browser.post(secondStep, fields)
}

/** Bob has connected his account at this provider before. */
async function fromProvider(w: World, browser: Browser, provider: "google" | "microsoft" | "oidc") {
  const { google, microsoft, oidc } = openId.settings
  w.settings({ ...google, ...microsoft, ...oidc })
  const sub = "bob-there"
  const person = { sub, email: "bob@acme.test", email_verified: true, hd: "acme.test" }
  openId.add(provider === "microsoft" ? "acme" : provider, person)
  await through(w, w.browser(), provider, { sub, tenant: "acme" })
  const account = {
    google: { issuer: `${openId.url}/google`, subject: sub },
    oidc: { issuer: `${openId.url}/other`, subject: sub },
    microsoft: { issuer: `https://login.microsoftonline.com/${tenants.acme}/v2.0`, subject: sub },
  }[provider]
  const whole = { provider, label: "bob", ...account }
  await transaction(tx => connectIdentity(tx, w.cast.bob, whole, { requester }))
  await db().session.deleteMany()
  return () => through(w, browser, provider, { sub, tenant: "acme" })
}

/** Puts the account into a state. Returns the app of someone who signs in in two steps. */
async function put(w: World, state: State, expected: Outcome): Promise<AuthenticatorApp | undefined> {
  const { bob } = w.cast
  const has = await db().totp.count({ where: { userId: bob.id } })
  switch (state) {
    case "two-factor":
      return has ? undefined : withTwoFactor(bob.id)
    case "MFA required":
      await db().organization.updateMany({ data: { requireMfa: true } })
      break
    case "archived":
      await db().organization.updateMany({ data: { archivedAt: new Date() } })
      break
    case "disabled":
      await db().user.update({ where: { id: bob.id }, data: { disabledAt: new Date() } })
      break
    case "unproven":
      await db().user.update({ where: { id: bob.id }, data: { provenAt: null } })
      if (expected === "asks for the mailbox") await db().identity.deleteMany()
      if (expected === "in, stripped") await hijack(w, has > 0)
      break
  }
  return undefined
}

/** What somebody else made on the account before the mailbox was proven. */
async function hijack({ cast: { bob }, url }: World, hasTwoFactor: boolean) {
  const account = { provider: "google", issuer: "https://idp.test", subject: "evil", label: "evil" } as const
  await transaction(tx => createSession(tx, bob.id, { method: "password" }, requester))
  await givePassword(bob, "the guesser's own password")
  if (!hasTwoFactor) await withTwoFactor(bob.id)
  await db().passkey.create({
    data: {
      id: "evil",
      userId: bob.id,
      credentialId: "evil",
      publicKey: new Uint8Array([1]),
      counter: 0,
      rpId: new URL(url).hostname,
      name: "evil",
      createdAt: new Date(),
    },
  })
  await db().identity.create({
    data: { id: "evil", userId: bob.id, ...account, connectedAt: new Date() },
  })
}

/** What is left of that. */
async function leftovers(userId: string) {
  const where = { userId }
  return {
    totp: await db().totp.count({ where }),
    codes: await db().recoveryCode.count({ where }),
    passkeys: await db().passkey.count({ where }),
    identities: await db().identity.count({ where }),
    sessions: await db().session.count({ where: { userId, endedAt: null } }),
  }
}

/** What a way ended with. */
async function outcomeOf(w: World, browser: Browser, visit: Visit, app?: AuthenticatorApp): Promise<Outcome> {
  if (visit.location === secondStep) {
    expect(await whoIs(browser)).toBeUndefined()
    expect(await db().session.count({ where: { userId: w.cast.bob.id, endedAt: null } })).toBe(0)
    await browser.post(secondStep, { by: "totp", code: app?.code() ?? "" })
    expect(await whoIs(browser)).toBe("bob@acme.test")
    expect((await browser.get("/o/acme")).status).toBe(200)
    return "second step"
  }
  if (visit.location?.startsWith("/login/mailbox")) return "asks for the mailbox"
  if ((await whoIs(browser)) !== "bob@acme.test") {
    expect(await db().session.count({ where: { userId: w.cast.bob.id, endedAt: null } })).toBe(0)
    return "out"
  }
  const acme = await browser.get("/o/acme")
  if (acme.location?.startsWith("/account/two-factor")) return "in, owes a factor"
  if (acme.status === 403 && acme.body.includes("archived")) return "in, archived"
  expect(acme.status).toBe(200)
  return "in"
}

for (const [name, { way, expected }] of Object.entries(ways)) {
  for (const state of states) {
    const outcome = expected[state]
    test(`[S9] by ${name}, ${state}: ${outcome}`, async () => {
      const w = await open()
      const browser = w.browser()
      // Before the rest: a new passkey ends what is open.
      if (state === "passkey") await passkeyOf(w)
      const go = await way(w, browser)
      const app = await put(w, state, outcome)
      const reached = await outcomeOf(w, browser, await go(), app)
      if (outcome !== "in, stripped") return expect(reached).toBe(outcome)
      expect(reached).toBe("in")
      const own = way === ways.reset?.way ? 1 : 0
      expect(await db().password.count({ where: { userId: w.cast.bob.id } })).toBe(own)
      const left = await leftovers(w.cast.bob.id)
      expect(left).toEqual({ totp: 0, codes: 0, passkeys: 0, identities: 0, sessions: 1 })
    })
  }
}
