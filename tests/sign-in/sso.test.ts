import { afterAll, beforeAll, expect, test } from "vitest"
import { answerChallenge } from "~/domain/sign-in/second-factor.server"
import { purgeSsoRequests } from "~/domain/sign-in/sso/requests.server"
import { purgeWaitingIdentities } from "~/domain/sign-in/sso/waiting-identity.server"
import { db } from "~/platform/db.server"
import { type OpenId, startOpenId } from "../stand-ins/openid/openid"
import { tenants } from "../stand-ins/openid/people"
import { type Browser, hiddenField } from "../support/browser"
import { buildInvitation, buildUser } from "../support/cast"
import { minutes } from "../support/clock"
import { atProvider, through } from "../support/through-provider"
import { confirm, mailedLink, setUpWorld, signIn, type World, whoIs } from "../support/world"

const world = setUpWorld()
let openId: OpenId
beforeAll(async () => {
  openId = await startOpenId()
})
afterAll(() => openId.stop())

/** The world with all three providers set up. */
async function connected(more: Record<string, string> = {}): Promise<World> {
  const w = await world()
  const { google, microsoft, oidc } = openId.settings
  w.settings({ ...google, ...microsoft, ...oidc, ...more })
  return w
}

const alice = {
  sub: "g-alice",
  email: "alice@acme.test",
  email_verified: true,
  hd: "acme.test",
  name: "Alice",
}

const identities = () => db().identity.findMany({ orderBy: { connectedAt: "asc" } })

/** From the page that asks for a mailbox to the link in its mail. */
async function proveByMail(w: World, browser: Browser, email: string) {
  const page = await browser.open("/login/mailbox")
  w.clock.advance(5000)
  await browser.post("/login/mailbox", { email, website: "", made: hiddenField(page.body, "made") })
  await w.settle()
  const mail = w.mailbox.latestTo(email)
  return { page, mail, link: browser.inside(mail.link ?? "") }
}

test("[S13] a verified address of a provider that vouches opens the account of that mailbox, and is connected for good", async () => {
  const w = await connected()
  openId.add("google", alice)
  const browser = w.browser()
  const first = await through(w, browser, "google", alice, "/o/acme/members")
  expect([first.status, first.location]).toEqual([303, "/start?redirectTo=%2Fo%2Facme%2Fmembers"])
  expect(await whoIs(browser)).toBe("alice@acme.test")
  await w.settle()
  expect(w.mailbox.latestTo("alice@acme.test").subject).toContain("provider was connected")

  // From here on the subject decides: the provider may call them what it likes.
  openId.add("google", { ...alice, email: "bob@acme.test", email_verified: true })
  const later = w.browser()
  await through(w, later, "google", alice)
  expect(await whoIs(later)).toBe("alice@acme.test")
  const [identity, ...others] = await identities()
  expect(others).toEqual([])
  expect(identity).toMatchObject({
    userId: w.cast.alice.id,
    issuer: `${openId.url}/google`,
    subject: "g-alice",
    label: "bob@acme.test",
  })
  expect(identity?.lastUsedAt).not.toBeNull()
  const sessions = await db().session.findMany({ where: { userId: w.cast.alice.id } })
  expect(sessions.map(({ method }) => method)).toEqual(["google", "google"])
})

test("[S13] whoever is new comes in with an account of their own, where sign-up is open to them", async () => {
  const w = await connected()
  const nora = openId.add("oidc", {
    sub: "o-nora",
    email: "Nora@New.test",
    email_verified: true,
    name: "Nora New",
  })
  const browser = w.browser()
  await through(w, browser, "oidc", nora)
  expect(await whoIs(browser)).toBe("nora@new.test")
  const user = await db().user.findUniqueOrThrow({ where: { email: "nora@new.test" } })
  expect(user).toMatchObject({ name: "Nora New", emailTyped: "Nora@New.test" })
  expect(user.provenAt).not.toBeNull()
})

test("[S13] where sign-up is closed a stranger gets no account, and an invited one does", async () => {
  const w = await connected({ SIGN_UP: "invited" })
  const nora = openId.add("oidc", { sub: "o-nora2", email: "nora2@new.test", email_verified: true })
  const refused = await through(w, w.browser(), "oidc", nora)
  expect(refused.location).toContain("/login/trouble?why=no_account")
  expect(await db().user.findUnique({ where: { email: "nora2@new.test" } })).toBeNull()
  expect(await identities()).toEqual([])

  w.settings({ ...openId.settings.oidc, SIGN_UP: "new.test" })
  const browser = w.browser()
  await through(w, browser, "oidc", nora)
  expect(await whoIs(browser)).toBe("nora2@new.test")
})

test("[S13] Microsoft's word for an address opens nothing: the mailbox is proven by mail, in the same browser, once", async () => {
  const w = await connected()
  const amir = openId.add("acme", {
    sub: "m-amir",
    email: "amir@acme.test",
    preferred_username: "amir@acme.test",
  })
  const browser = w.browser()
  const asked = await through(w, browser, "microsoft", { ...amir, tenant: "acme" }, "/o/acme")
  expect(asked.location).toBe("/login/mailbox?redirectTo=%2Fo%2Facme")
  expect(await whoIs(browser)).toBeUndefined()
  expect(await identities()).toEqual([])

  const { page, mail, link } = await proveByMail(w, browser, "amir@acme.test")
  expect(hiddenField(page.body, "email") || page.body).toContain("amir@acme.test")
  expect(mail.text).toContain("came from Microsoft")
  await confirm(browser, link)
  expect(await whoIs(browser)).toBe("amir@acme.test")
  expect(await identities()).toMatchObject([
    {
      userId: w.cast.amir.id,
      provider: "microsoft",
      issuer: `https://login.microsoftonline.com/${amir.tid}/v2.0`,
      subject: amir.oid,
    },
  ])

  const later = w.browser()
  await through(w, later, "microsoft", { ...amir, tenant: "acme" })
  expect(await whoIs(later)).toBe("amir@acme.test")
})

test("[S13] the code of the mail connects as its link does", async () => {
  const w = await connected()
  const amir = openId.add("acme", { sub: "m-amir2", preferred_username: "amir@acme.test" })
  const browser = w.browser()
  await through(w, browser, "microsoft", { ...amir, tenant: "acme" })
  const { mail } = await proveByMail(w, browser, "amir@acme.test")
  await browser.post("/login/sent", { code: mail.code ?? "" })
  expect(await whoIs(browser)).toBe("amir@acme.test")
  expect(await identities()).toHaveLength(1)
})

test("[S13] the mail opened in another browser signs in there and connects nothing", async () => {
  const w = await connected()
  // Anybody's tenant can give its people any address.
  const mallory = openId.add("evil", {
    sub: "m-evil",
    email: "alice@acme.test",
    preferred_username: "alice@acme.test",
  })
  const theirs = w.browser()
  await through(w, theirs, "microsoft", { ...mallory, tenant: "evil" })
  const { link } = await proveByMail(w, theirs, "alice@acme.test")
  const hers = w.browser()
  await confirm(hers, link)
  expect(await whoIs(hers)).toBe("alice@acme.test")
  expect(await identities()).toEqual([])
  const again = await through(w, theirs, "microsoft", { ...mallory, tenant: "evil" })
  expect(again.location).toBe("/login/mailbox")
  expect(await whoIs(theirs)).toBeUndefined()
})

test("[S13] two tenants that give the same object id or address to somebody do not become one person", async () => {
  const w = await connected()
  const own = openId.add("acme", { sub: "same", oid: "same-oid", preferred_username: "bob@acme.test" })
  const other = openId.add("evil", { sub: "same", oid: "same-oid", preferred_username: "bob@acme.test" })
  const browser = w.browser()
  await through(w, browser, "microsoft", { ...own, tenant: "acme" })
  await confirm(browser, (await proveByMail(w, browser, "bob@acme.test")).link)
  expect(await whoIs(browser)).toBe("bob@acme.test")

  const theirs = w.browser()
  const asked = await through(w, theirs, "microsoft", { ...other, tenant: "evil" })
  expect(asked.location).toBe("/login/mailbox")
  expect(await whoIs(theirs)).toBeUndefined()
})

test("[S13] one tenant's installation refuses the people of every other", async () => {
  const w = await connected()
  const acme = openId.add("acme", { sub: "m-1", preferred_username: "amir@acme.test" })
  const evil = openId.add("evil", { sub: "m-2", preferred_username: "amir@acme.test" })
  const someone = openId.add("private", { sub: "m-3", preferred_username: "amir@acme.test" })
  const whereTo = async (tenant: string, who: typeof acme, at: string) => {
    w.settings({ ...openId.settings.microsoft, AZURE_TENANT_ID: tenant })
    const { location } = await through(w, w.browser(), "microsoft", { ...who, tenant: at })
    return location?.replace(/\?why=/, " ").replace(/&.*/, "")
  }
  expect(await whereTo(acme.tid ?? "", acme, "acme")).toBe("/login/mailbox")
  expect(await whereTo("common", someone, "private")).toBe("/login/mailbox")
  expect(await whereTo("organizations", evil, "evil")).toBe("/login/mailbox")
  expect(await whereTo("organizations", someone, "private")).toBe("/login/trouble tenant")
  expect(await whereTo("consumers", evil, "evil")).toBe("/login/trouble tenant")
  expect(await whereTo("consumers", someone, "private")).toBe("/login/mailbox")

  // Sent to our tenant, gone to their own, and back.
  w.settings({ ...openId.settings.microsoft, AZURE_TENANT_ID: acme.tid ?? "" })
  const browser = w.browser()
  const { location } = await browser.get("/api/auth/microsoft")
  const theirs = (location ?? "").replace(tenants.acme, tenants.evil)
  const back = browser.inside(await atProvider(theirs, evil, w.url))
  expect((await browser.get(back)).location).toContain("why=refused")
  const withoutIssuer = await browser.get("/api/auth/microsoft")
  const again = new URL(
    await atProvider((withoutIssuer.location ?? "").replace(tenants.acme, tenants.evil), evil, w.url),
  )
  again.searchParams.set("iss", `https://login.microsoftonline.com/${tenants.acme}/v2.0`)
  expect((await browser.get(browser.inside(again.href))).location).toContain("why=refused")
  expect(await identities()).toEqual([])
})

test.each([
  ["unverified", "oidc", { email: "bob@acme.test", email_verified: false }],
  ["verified in words only", "oidc", { email: "bob@acme.test" }],
  ["Google's of a domain it does not host", "google", { email: "bob@acme.test", email_verified: true }],
] as const)("[S13] an address that is %s opens nobody's account", async (_, provider, claims) => {
  const w = await connected()
  const who = openId.add(provider, { sub: `x-${_}`, ...claims })
  const browser = w.browser()
  const asked = await through(w, browser, provider, who)
  expect(asked.location).toBe("/login/mailbox")
  expect(await whoIs(browser)).toBeUndefined()
  expect(await identities()).toEqual([])
})

test("[S13] [S7] an account whose mailbox nobody has proven is not opened by a provider's word: proof by mail strips it first", async () => {
  const w = await connected()
  const victim = await buildUser(db(), { email: "victim@acme.test", proven: false })
  await db().passkey.create({
    data: {
      id: "pk",
      userId: victim.id,
      credentialId: "c",
      publicKey: Buffer.from("x"),
      counter: 0,
      rpId: "localhost",
      name: "planted",
      createdAt: new Date(),
    },
  })
  const who = openId.add("oidc", { sub: "o-victim", email: "victim@acme.test", email_verified: true })
  const browser = w.browser()
  const asked = await through(w, browser, "oidc", who)
  expect(asked.location).toBe("/login/mailbox")
  await confirm(browser, (await proveByMail(w, browser, "victim@acme.test")).link)
  expect(await whoIs(browser)).toBe("victim@acme.test")
  expect(await db().passkey.count()).toBe(0)
  expect(await identities()).toHaveLength(1)
})

test("[S13] an address that passed to another account of the same provider is proven anew", async () => {
  const w = await connected()
  openId.add("google", alice)
  await through(w, w.browser(), "google", alice)
  const successor = openId.add("google", { ...alice, sub: "g-successor" })
  const asked = await through(w, w.browser(), "google", successor)
  expect(asked.location).toBe("/login/mailbox")
  expect(await identities()).toHaveLength(1)
})

test("[S9] the second factor is owed, and nothing is connected before it is shown", async () => {
  const w = await connected()
  openId.add("google", alice)
  await db().totp.create({
    data: { userId: w.cast.alice.id, secret: "sealed", createdAt: new Date(), confirmedAt: new Date() },
  })
  const browser = w.browser()
  const answer = await through(w, browser, "google", alice)
  expect(answer.location).toBe("/login/second-factor")
  expect(await whoIs(browser)).toBeUndefined()
  expect(await identities()).toEqual([])
  const challenge = await db().signInChallenge.findFirstOrThrow()
  expect(challenge.way).toBe("google")

  const token = (browser.cookies.get("gatehouse-challenge") ?? "").split(".")[0] ?? ""
  const requester = { clientAddress: "127.0.0.1", userAgent: "" }
  const answered = await answerChallenge(decodeURIComponent(token), { requester }, async () => ({
    ok: true,
    value: { factor: "totp" },
  }))
  expect(answered.ok).toBe(true)
  expect(await identities()).toMatchObject([{ userId: w.cast.alice.id, subject: "g-alice" }])
})

test("[S13] a disabled person stays out, connected or not", async () => {
  const w = await connected()
  openId.add("google", alice)
  await through(w, w.browser(), "google", alice)
  await db().user.update({ where: { id: w.cast.alice.id }, data: { disabledAt: new Date() } })
  const browser = w.browser()
  const answer = await through(w, browser, "google", alice)
  expect(answer.location).toContain("why=disabled")
  expect(await whoIs(browser)).toBeUndefined()
})

test("[S13] someone signed in as another person is not taken over into a new account", async () => {
  const w = await connected()
  const browser = w.browser()
  await signIn(w, browser, "alice@acme.test")
  const private_ = openId.add("google", { sub: "g-private", email: "al@gmail.com", email_verified: true })
  const answer = await through(w, browser, "google", private_)
  expect(answer.location).toContain("why=other_person")
  expect(await whoIs(browser)).toBe("alice@acme.test")
  expect(await db().user.findUnique({ where: { email: "al@gmail.com" } })).toBeNull()
})

test("[O4] an invitation that waits for the address is shown first, whichever way somebody comes in", async () => {
  const w = await connected()
  await buildInvitation(db(), {
    organization: w.cast.birch,
    email: "alice@acme.test",
    invitedBy: w.cast.charlie,
  })
  openId.add("google", alice)
  const browser = w.browser()
  const answer = await through(w, browser, "google", alice)
  const start = await browser.get(answer.location ?? "")
  expect(start.body).toContain("Birch")
})

test("[S13] only providers that are set up have a button and an address", async () => {
  const w = await world()
  w.settings({ ...openId.settings.oidc })
  const page = await w.browser().get("/login")
  expect(page.body).toContain("Continue with Other ID")
  expect(page.body).not.toMatch(/Continue with (Google|Microsoft)/)
  for (const path of ["/api/auth/google", "/api/auth/google/callback", "/api/auth/nonsense"]) {
    const answer = await w.browser().get(path)
    expect([answer.status, JSON.parse(answer.body).error.code], path).toEqual([404, "not_found"])
  }
  const posted = await w.browser().post("/api/auth/oidc")
  expect(posted.status).toBe(405)
  const head = await w.browser().get("/api/auth/oidc", {}, "HEAD")
  expect(head.status).toBe(405)
  expect(await db().ssoRequest.count()).toBe(0)
})

test("[S13] no token, code or state of theirs is kept in the clear or reaches a log", async () => {
  const w = await connected()
  openId.add("google", alice)
  const browser = w.browser()
  const away = await browser.get("/api/auth/google")
  const sent = new URL(away.location ?? "").searchParams
  expect(sent.get("code_challenge_method")).toBe("S256")
  const secrets = [sent.get("state"), sent.get("nonce"), browser.cookies.get("gatehouse-sso")]
  const back = await atProvider(away.location ?? "", alice, w.url)
  const came = await browser.get(browser.inside(back))
  secrets.push(new URL(back).searchParams.get("code"))
  expect(new URL(came.location ?? "", w.url).search).not.toMatch(/code|state|token/)
  const written = JSON.stringify([
    await db().ssoRequest.findMany(),
    await db().waitingIdentity.findMany(),
    await db().securityEvent.findMany(),
    w.log.records,
  ])
  for (const secret of secrets) {
    expect(secret?.length).toBeGreaterThan(20)
    expect(written).not.toContain(secret)
  }
})

test("[L16] ways that lead nowhere are limited per client, those that lead in are not", async () => {
  const w = await connected({ LIMIT_PROVIDERS_PER_CLIENT: "3" })
  openId.add("google", alice)
  for (let i = 0; i < 5; i++) {
    const answer = await through(w, w.browser(), "google", alice)
    expect(answer.location).toBe("/start")
  }
  for (let i = 0; i < 3; i++)
    expect((await w.browser().get("/api/auth/google")).location).toContain("127.0.0.1")
  const refused = await w.browser().get("/api/auth/google")
  expect(refused.location).toContain("why=too_many")
  const page = await w.browser().get(refused.location ?? "")
  expect([page.status, page.headers.get("Retry-After")]).toEqual([429, "900"])
})

test("[L20] ways and accounts that waited in vain are purged", async () => {
  const w = await connected()
  const amir = openId.add("acme", { sub: "m-purge", preferred_username: "amir@acme.test" })
  await through(w, w.browser(), "microsoft", { ...amir, tenant: "acme" })
  expect([await purgeSsoRequests(), await purgeWaitingIdentities()]).toEqual([0, 0])
  w.clock.advance(minutes(31))
  expect([await purgeSsoRequests(), await purgeWaitingIdentities()]).toEqual([1, 1])
  expect([await purgeSsoRequests(), await purgeWaitingIdentities()]).toEqual([0, 0])
})

test("[S13] the page that asks for a mailbox needs somebody who came from a provider, and looks the same for every address", async () => {
  const w = await connected()
  const nobody = await w.browser().get("/login/mailbox")
  expect(nobody.location).toBe("/login")
  const answers = []
  for (const email of ["alice@acme.test", "stranger@nowhere.test"]) {
    const who = openId.add("acme", { sub: `m-${email}`, preferred_username: email })
    const browser = w.browser()
    await through(w, browser, "microsoft", { ...who, tenant: "acme" })
    const page = await browser.get("/login/mailbox")
    w.clock.advance(minutes(2))
    const made = hiddenField(page.body, "made")
    const answer = await browser.post("/login/mailbox", { email, website: "", made })
    answers.push([answer.status, answer.location, answer.setCookies.map(line => line.replace(/=.*/, ""))])
  }
  expect(answers[0]).toEqual(answers[1])
})

test("[S13] a sign-in link asked for plainly connects nothing that waits", async () => {
  const w = await connected()
  const amir = openId.add("acme", { sub: "m-plain", preferred_username: "amir@acme.test" })
  const browser = w.browser()
  await through(w, browser, "microsoft", { ...amir, tenant: "acme" })
  const { link } = await mailedLink(w, browser, "amir@acme.test")
  await confirm(browser, link)
  expect(await whoIs(browser)).toBe("amir@acme.test")
  expect(await identities()).toEqual([])
})

test("[S13] another site starts no sign-in: the page with the button comes first, and names who is signed in", async () => {
  const w = await connected()
  const start = "/api/auth/google?redirectTo=%2Fo%2Facme"
  const browser = w.browser()
  await signIn(w, browser, "bob@acme.test")
  const elsewhere: Record<string, string>[] = [
    { "Sec-Fetch-Site": "cross-site" },
    { "Sec-Fetch-Site": "same-site" },
    { Referer: "https://evil.test/" },
  ]
  for (const headers of elsewhere) {
    const asked = await browser.get(start, headers)
    expect([headers, asked.location]).toEqual([headers, "/login?again=1&redirectTo=%2Fo%2Facme"])
    expect(asked.setCookies).toEqual([])
  }
  expect(await db().ssoRequest.count()).toBe(0)
  const page = await browser.get("/login?again=1&redirectTo=%2Fo%2Facme")
  expect(page.body).toMatch(/You are signed in here as <strong[^>]*>bob@acme.test/)
  expect(page.body).toContain(`href="${start}"`)
  expect(await whoIs(browser)).toBe("bob@acme.test")
  const guests = await w.browser().get("/login?again=1")
  expect([guests.status, guests.body.includes("You are signed in here")]).toEqual([200, false])
  const here: Record<string, string>[] = [
    { "Sec-Fetch-Site": "same-origin" },
    { "Sec-Fetch-Site": "none" },
    { Referer: `${w.url}/login` },
  ]
  for (const headers of here) {
    expect((await browser.get(start, headers)).location).toContain(openId.url)
  }
})
