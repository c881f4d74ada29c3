import { describe, expect, test } from "vitest"
import { findSession } from "~/domain/accounts/sessions.server"
import { joinableBy } from "~/domain/organizations/join-by-domain.server"
import { fromNow, now } from "~/platform/clock.server"
import { db } from "~/platform/db.server"
import { newId } from "~/platform/ids.server"
import type { Browser } from "../support/browser"
import { buildMembership, buildUser } from "../support/cast"
import { days, hours, minutes } from "../support/clock"
import { postWithProof } from "../support/proof"
import { withTwoFactor } from "../support/two-factor"
import { confirm, mailedLink, setUpWorld, signIn, type World, whoIs } from "../support/world"

const open = setUpWorld()

async function enter(world: World, email: string): Promise<Browser> {
  const browser = world.browser()
  await signIn(world, browser, email)
  return browser
}

async function ask(world: World, browser: Browser, email: string) {
  const answer = await browser.post("/account/email", { intent: "change", email })
  await world.settle()
  return answer
}

/** The link of the newest mail to this mailbox, as a path. */
function linkTo(world: World, browser: Browser, email: string): string {
  const { link } = world.mailbox.latestTo(email)
  if (!link) throw new Error(`The newest mail to ${email} has no link.`)
  return browser.inside(link)
}

async function change(world: World, browser: Browser, email: string) {
  await ask(world, browser, email)
  const answer = await confirm(browser, linkTo(world, browser, email))
  await world.settle()
  return answer
}

const undoLink = (world: World, browser: Browser, email: string) => linkTo(world, browser, email)

describe("another address", () => {
  test("[S14] it counts once the new mailbox is proven, and opening the link alone changes nothing", async () => {
    const world = await open()
    const alice = await enter(world, "alice@acme.test")
    expect((await ask(world, alice, "Alice@New.test")).status).toBe(303)
    expect((await alice.get("/account/email")).body).toContain("Alice@New.test")
    const link = linkTo(world, alice, "alice@new.test")
    const page = await world.browser().get(link)
    expect(page.status).toBe(200)
    expect(page.body).toContain("a•••@a•••.test")
    expect(await whoIs(alice)).toBe("alice@acme.test")
    expect((await confirm(alice, link)).location).toBe("/account/email")
    expect(await whoIs(alice)).toBe("alice@new.test")
    const { emailTyped } = await db().user.findUniqueOrThrow({ where: { email: "alice@new.test" } })
    expect(emailTyped).toBe("Alice@New.test")
    expect((await confirm(alice, link)).status).toBe(410)
  })

  test("[S4] every other session ends, and the links that were open", async () => {
    const world = await open()
    const waiting = world.browser()
    const { link } = await mailedLink(world, waiting, "alice@acme.test")
    const other = await enter(world, "alice@acme.test")
    world.clock.advance(minutes(2))
    const again = await mailedLink(world, waiting, "alice@acme.test")
    const alice = await enter(world, "alice@acme.test")
    await change(world, alice, "alice@new.test")
    expect(await whoIs(alice)).toBe("alice@new.test")
    expect(await whoIs(other)).toBeUndefined()
    for (const dead of [link, again.link]) expect((await confirm(waiting, dead)).status).toBe(410)
  })

  test("[S4] a change of a way in gives up one that is under way, whoever asked for it", async () => {
    const world = await open()
    const thief = await enter(world, "alice@acme.test")
    await ask(world, thief, "thief@evil.test")
    const theirs = linkTo(world, thief, "thief@evil.test")
    world.clock.advance(minutes(2))
    const alice = await enter(world, "alice@acme.test")
    const password = "a quiet meadow behind 7 mills"
    expect((await alice.post("/account/password", { intent: "set", password })).status).toBe(303)
    expect((await alice.get("/account/email")).body).not.toContain("thief@evil.test")
    expect((await confirm(world.browser(), theirs)).status).toBe(410)
    const { email } = await db().user.findUniqueOrThrow({ where: { id: world.cast.alice.id } })
    expect(email).toBe("alice@acme.test")
    const links = await db().link.findMany({ where: { email: "thief@evil.test" } })
    expect(links.map(link => link.voidedAt !== null)).toEqual([true])
  })

  test("[S14] confirmed in a browser that is signed out, it signs nobody in and everybody out", async () => {
    const world = await open()
    const alice = await enter(world, "alice@acme.test")
    await ask(world, alice, "alice@new.test")
    const phone = world.browser()
    const done = await confirm(phone, linkTo(world, phone, "alice@new.test"))
    expect(done.status).toBe(200)
    expect(done.setCookies.join()).not.toContain("gatehouse=")
    expect(await whoIs(phone)).toBeUndefined()
    expect(await whoIs(alice)).toBeUndefined()
  })

  test("[S5] it asks for fresh proof, and keeps the address that was typed", async () => {
    const world = await open()
    const alice = await enter(world, "alice@acme.test")
    world.clock.advance(minutes(16))
    const fields = { intent: "change", email: "alice@new.test" }
    const done = await postWithProof(world, alice, "/account/email", fields, "alice@acme.test")
    expect(done.status).toBe(303)
    expect((await db().emailChange.findFirstOrThrow()).toEmail).toBe("alice@new.test")
  })

  test("[S14] whoever asks does not learn who has an account; the mailbox does", async () => {
    const world = await open()
    const alice = await enter(world, "alice@acme.test")
    const free = await ask(world, alice, "free@new.test")
    const freePage = await alice.get("/account/email")
    const taken = await ask(world, alice, "charlie@birch.test")
    const takenPage = await alice.get("/account/email")
    expect([taken.status, taken.location]).toEqual([free.status, free.location])
    const plain = (page: { body: string }, address: string) =>
      page.body.replaceAll(address, "X").replace(/nonce="[^"]*"/g, "")
    expect(plain(takenPage, "charlie@birch.test")).toBe(plain(freePage, "free@new.test"))
    const mail = world.mailbox.latestTo("charlie@birch.test")
    expect(mail.subject).toContain("has an account")
    expect(mail.text).not.toContain("token=")
  })

  test("[S14] an address that is taken between asking and confirming is refused, and nothing changes", async () => {
    const world = await open()
    const alice = await enter(world, "alice@acme.test")
    await ask(world, alice, "alice@new.test")
    await buildUser(db(), { email: "alice@new.test" })
    const link = linkTo(world, alice, "alice@new.test")
    const refused = await confirm(alice, link)
    expect(refused.status).toBe(410)
    expect(refused.body).toContain("This address has an account")
    expect(await whoIs(alice)).toBe("alice@acme.test")
  })

  test("[S14] of two people who want one address, and of two clicks on one link, one wins", async () => {
    const world = await open()
    const alice = await enter(world, "alice@acme.test")
    await ask(world, alice, "shared@new.test")
    const first = linkTo(world, alice, "shared@new.test")
    const bob = await enter(world, "bob@acme.test")
    await ask(world, bob, "shared@new.test")
    const second = linkTo(world, bob, "shared@new.test")
    const answers = await Promise.all([
      confirm(alice, first),
      confirm(alice, first),
      confirm(bob, second),
      confirm(bob, second),
    ])
    expect(answers.filter(({ status }) => status < 400)).toHaveLength(1)
    expect(await db().user.count({ where: { email: "shared@new.test" } })).toBe(1)
  })

  test("[S14] asking anew, giving up and an hour each make the earlier link worthless", async () => {
    const world = await open()
    const alice = await enter(world, "alice@acme.test")
    await ask(world, alice, "one@new.test")
    const one = linkTo(world, alice, "one@new.test")
    await ask(world, alice, "two@new.test")
    const two = linkTo(world, alice, "two@new.test")
    expect((await confirm(alice, one)).status).toBe(410)
    await alice.post("/account/email", { intent: "give_up" })
    expect((await confirm(alice, two)).status).toBe(410)
    await ask(world, alice, "three@new.test")
    world.clock.advance(hours(1.1))
    expect((await confirm(alice, linkTo(world, alice, "three@new.test"))).status).toBe(410)
    expect((await alice.get("/account/email")).body).not.toContain("three@new.test")
    expect(await whoIs(alice)).toBe("alice@acme.test")
  })

  test("[L16] five a day, and three to one mailbox", async () => {
    const world = await open()
    const alice = await enter(world, "alice@acme.test")
    const statuses = []
    for (let i = 0; i < 4; i++) statuses.push((await ask(world, alice, "victim@x.test")).status)
    expect(statuses).toEqual([303, 303, 303, 429])
    expect(world.mailbox.messages("victim@x.test")).toHaveLength(3)
    expect((await ask(world, alice, "own@x.test")).status).toBe(303)
    expect((await ask(world, alice, "other@x.test")).status).toBe(303)
    expect((await ask(world, alice, "third@x.test")).status).toBe(429)
  })

  test("[L8] the link is worth nothing at another purpose's address, nor another's link here", async () => {
    const world = await open()
    const alice = await enter(world, "alice@acme.test")
    await ask(world, alice, "alice@new.test")
    const token = new URL(linkTo(world, alice, "alice@new.test"), world.url).searchParams.get("token") ?? ""
    const guest = world.browser()
    for (const path of ["/login/link", "/invitation", "/not-me", "/account/email/undo"])
      expect([path, (await guest.post(`${path}?token=${token}`, { token })).status]).toEqual([path, 410])
    const { token: signInToken } = await mailedLink(world, world.browser(), "bob@acme.test")
    const here = `/account/email/confirmation?token=${signInToken}`
    expect((await guest.post(here, { token: signInToken })).status).toBe(410)
    expect(await whoIs(alice)).toBe("alice@acme.test")
  })
})

describe("what goes along", () => {
  test("[S14] an organisation's mail about payments follows its owner's address, and only then", async () => {
    const world = await open()
    const { acme, birch } = world.cast
    await db().organization.update({ where: { id: acme.id }, data: { billingEmail: "alice@acme.test" } })
    await db().organization.update({ where: { id: birch.id }, data: { billingEmail: "pay@birch.test" } })
    const alice = await enter(world, "alice@acme.test")
    const charlie = await enter(world, "charlie@birch.test")
    await change(world, alice, "alice@new.test")
    await change(world, charlie, "charlie@new.test")
    const emails = await db().organization.findMany({
      orderBy: { slug: "asc" },
      select: { billingEmail: true },
    })
    expect(emails.map(row => row.billingEmail)).toEqual(["alice@new.test", "pay@birch.test"])
  })

  test("[O8] whoever was removed does not come back by the mailbox they left, under another account", async () => {
    const world = await open()
    const { bob, acme } = world.cast
    await db().joinableDomain.create({
      data: { organizationId: acme.id, domain: "acme.test", createdAt: now() },
    })
    await db().membership.deleteMany({ where: { userId: bob.id } })
    await db().domainBar.create({ data: { organizationId: acme.id, userId: bob.id, at: now() } })
    const browser = await enter(world, "bob@acme.test")
    await change(world, browser, "bob@new.test")
    const second = await buildUser(db(), { email: "b.ob+again@acme.test" })
    const another = await buildUser(db(), { email: "bert@acme.test" })
    expect(await joinableBy({ userId: second.id, email: second.email })).toEqual([])
    expect(await joinableBy({ userId: another.id, email: another.email })).toHaveLength(1)
  })
})

describe("the way back", () => {
  test("[S14] the old mailbox hears of it and takes it back within a week, once", async () => {
    const world = await open()
    const alice = await enter(world, "alice@acme.test")
    await change(world, alice, "alice@new.test")
    const mail = world.mailbox.latestTo("alice@acme.test")
    expect(mail.subject).toContain("was changed")
    const link = undoLink(world, alice, "alice@acme.test")
    world.clock.advance(days(6.9))
    const victim = world.browser()
    expect((await victim.get(link)).status).toBe(200)
    expect(await whoIs(alice)).toBe("alice@new.test")
    const undone = await confirm(victim, link)
    expect(undone.status).toBe(200)
    expect(await whoIs(alice)).toBeUndefined()
    expect(await whoIs(victim)).toBeUndefined()
    expect((await db().user.findUniqueOrThrow({ where: { id: world.cast.alice.id } })).email).toBe(
      "alice@acme.test",
    )
    expect((await confirm(victim, link)).status).toBe(410)
    await world.settle()
    expect(world.mailbox.latestTo("alice@new.test").subject).toContain("was taken back")
  })

  test("[S14] after a week it is too late", async () => {
    const world = await open()
    const alice = await enter(world, "alice@acme.test")
    await change(world, alice, "alice@new.test")
    const link = undoLink(world, alice, "alice@acme.test")
    world.clock.advance(days(7.1))
    expect((await world.browser().get(link)).status).toBe(410)
    expect((await confirm(world.browser(), link)).status).toBe(410)
    expect((await db().user.findUniqueOrThrow({ where: { id: world.cast.alice.id } })).email).toBe(
      "alice@new.test",
    )
  })

  test("[S14] what was set up since is taken away, what was there before stays", async () => {
    const world = await open()
    const { alice } = world.cast
    await db().password.create({ data: { userId: alice.id, hash: "old", changedAt: fromNow(-days(3)) } })
    const browser = await enter(world, "alice@acme.test")
    await change(world, browser, "alice@new.test")
    world.clock.advance(minutes(5))
    const passkey = {
      userId: alice.id,
      publicKey: new Uint8Array([1]),
      counter: 0,
      rpId: "localhost",
      name: "Theirs",
    }
    await db().passkey.create({ data: { ...passkey, id: newId(), credentialId: "new", createdAt: now() } })
    await db().passkey.create({
      data: { ...passkey, id: newId(), credentialId: "old", createdAt: fromNow(-days(2)) },
    })
    await db().identity.create({
      data: {
        id: newId(),
        userId: alice.id,
        provider: "oidc",
        issuer: "i",
        subject: "s",
        connectedAt: now(),
      },
    })
    await confirm(world.browser(), undoLink(world, browser, "alice@acme.test"))
    expect((await db().passkey.findMany()).map(row => row.credentialId)).toEqual(["old"])
    expect(await db().identity.count()).toBe(0)
    expect(await db().password.count()).toBe(1)
  })

  test("[S14] an app whose secret was offered before and switched on since is taken away, too", async () => {
    const world = await open()
    const { alice, bob } = world.cast
    await withTwoFactor(bob.id)
    const thief = await enter(world, "alice@acme.test")
    await withTwoFactor(alice.id)
    await db().totp.update({ where: { userId: alice.id }, data: { confirmedAt: null } })
    world.clock.advance(minutes(1))
    await change(world, thief, "thief@evil.test")
    world.clock.advance(minutes(1))
    await db().totp.update({ where: { userId: alice.id }, data: { confirmedAt: now() } })
    const undone = await confirm(world.browser(), undoLink(world, thief, "alice@acme.test"))
    expect(undone.status).toBe(200)
    expect((await db().totp.findMany()).map(row => row.userId)).toEqual([bob.id])
  })

  test("[S14] an app that was on before the change stays", async () => {
    const world = await open()
    const { alice } = world.cast
    const thief = await enter(world, "alice@acme.test")
    await withTwoFactor(alice.id)
    world.clock.advance(minutes(1))
    await change(world, thief, "thief@evil.test")
    await confirm(world.browser(), undoLink(world, thief, "alice@acme.test"))
    expect(await db().totp.count({ where: { userId: alice.id } })).toBe(1)
    expect(await db().recoveryCode.count({ where: { userId: alice.id } })).toBe(10)
  })

  test("[S14] of several changes the first mailbox takes all back, and the later ones nothing any more", async () => {
    const world = await open()
    const thief = await enter(world, "alice@acme.test")
    await change(world, thief, "one@evil.test")
    const toAlice = undoLink(world, thief, "alice@acme.test")
    await change(world, thief, "two@evil.test")
    const toOne = undoLink(world, thief, "one@evil.test")
    expect((await confirm(world.browser(), toAlice)).status).toBe(200)
    expect((await confirm(world.browser(), toOne)).status).toBe(410)
    expect((await db().user.findUniqueOrThrow({ where: { id: world.cast.alice.id } })).email).toBe(
      "alice@acme.test",
    )
  })

  test("[S14] an empty account that the shut-out person made meanwhile makes way, one in use does not", async () => {
    const world = await open()
    const thief = await enter(world, "alice@acme.test")
    await change(world, thief, "thief@evil.test")
    const link = undoLink(world, thief, "alice@acme.test")
    world.clock.advance(minutes(5))
    const victim = await enter(world, "alice@acme.test")
    expect(await whoIs(victim)).toBe("alice@acme.test")
    const { id } = await db().user.findUniqueOrThrow({ where: { email: "alice@acme.test" } })
    const data = { id: newId(), userId: id, organizationId: world.cast.birch.id, role: "member" }
    await db().membership.create({ data: { ...data, createdAt: now(), lastUsedAt: now() } })
    const refused = await confirm(victim, link)
    expect([refused.status, refused.body.includes("Another account uses that address")]).toEqual([410, true])
    await db().membership.delete({ where: { id: data.id } })
    expect((await confirm(victim, link)).status).toBe(200)
    expect((await db().user.findUniqueOrThrow({ where: { email: "alice@acme.test" } })).id).toBe(
      world.cast.alice.id,
    )
    expect(await db().user.findUnique({ where: { id } })).toBeNull()
  })

  test("[S14] an account bought in the address, whose mailbox nobody proved, makes way and loses nothing", async () => {
    const world = await open()
    const { alice, acme, birch } = world.cast
    const thief = await enter(world, "alice@acme.test")
    await change(world, thief, "thief@evil.test")
    const link = undoLink(world, thief, "alice@acme.test")
    world.clock.advance(minutes(5))
    await db().membership.updateMany({ where: { userId: alice.id }, data: { role: "member" } })
    const at = now()
    const email = "alice@acme.test"
    const row = { id: newId(), email, emailTyped: email, createdAt: at, updatedAt: at }
    const bought = await db().user.create({ data: row })
    for (const organization of [acme, birch])
      await buildMembership(db(), { user: bought, organization, role: "owner" })
    const purchase = { plan: "team", email, emailTyped: email, businessName: "Birch", state: "provisioned" }
    await db().checkout.create({
      data: { ...purchase, id: newId(), userId: bought.id, createdAt: at, updatedAt: at },
    })
    expect((await confirm(world.browser(), link)).status).toBe(200)
    const back = await db().user.findUniqueOrThrow({ where: { email }, include: { memberships: true } })
    expect([back.id, await db().user.findUnique({ where: { id: bought.id } })]).toEqual([alice.id, null])
    const places = back.memberships.map(({ organizationId, role }) => [organizationId, role])
    expect(new Map(places.map(([id = "", role]) => [id, role]))).toEqual(
      new Map([
        [acme.id, "owner"],
        [birch.id, "owner"],
      ]),
    )
    expect(await db().checkout.findMany({ select: { userId: true } })).toEqual([{ userId: alice.id }])
  })

  test("[L9] no token of it stands in the database or the log", async () => {
    const world = await open()
    const alice = await enter(world, "alice@acme.test")
    await change(world, alice, "alice@new.test")
    const token =
      new URL(undoLink(world, alice, "alice@acme.test"), world.url).searchParams.get("token") ?? "?"
    const rows = JSON.stringify([
      await db().emailChange.findMany(),
      await db().mail.findMany(),
      await db().job.findMany(),
    ])
    expect(rows).not.toContain(token)
    expect(JSON.stringify(world.log.records)).not.toContain(token)
  })
})

describe("this wasn't me", () => {
  const otherDevice =
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Safari/604.1"

  test("[S4] the mail about a new device carries a link that locks everybody out and lets nobody in", async () => {
    const world = await open()
    const own = await enter(world, "alice@acme.test")
    const thief = world.browser(otherDevice)
    await signIn(world, thief, "alice@acme.test")
    await world.settle()
    const mail = world.mailbox.latestTo("alice@acme.test")
    expect(mail.subject).toContain("New sign-in")
    const link = own.inside(mail.link ?? "")
    expect(link).toMatch(/^\/not-me\?token=/)
    const pending = await mailedLink(world, world.browser(), "alice@acme.test")
    expect((await world.browser().get(link)).body).toContain("a•••@a•••.test")
    expect(await whoIs(thief)).toBe("alice@acme.test")
    const done = await confirm(world.browser(), link)
    expect([done.status, done.setCookies]).toEqual([200, []])
    expect([await whoIs(thief), await whoIs(own)]).toEqual([undefined, undefined])
    expect((await confirm(thief, pending.link)).status).toBe(410)
    expect(await db().securityEvent.count({ where: { kind: "not_me" } })).toBe(1)
  })

  test("[S4] it gives up a change of address that is under way", async () => {
    const world = await open()
    await enter(world, "alice@acme.test")
    const thief = world.browser(otherDevice)
    await signIn(world, thief, "alice@acme.test")
    await world.settle()
    const notMe = thief.inside(world.mailbox.latestTo("alice@acme.test").link ?? "")
    await ask(world, thief, "thief@evil.test")
    const theirs = linkTo(world, thief, "thief@evil.test")
    await confirm(world.browser(), notMe)
    expect((await confirm(thief, theirs)).status).toBe(410)
    const { email } = await db().user.findUniqueOrThrow({ where: { id: world.cast.alice.id } })
    expect(email).toBe("alice@acme.test")
    expect(findSession(thief.cookies.get("gatehouse") ?? "")).toBeUndefined()
  })
})
