import { expect, test } from "vitest"
import { issueLink } from "~/domain/links/issue.server"
import { db } from "~/platform/db.server"
import { buildInvitation } from "../support/cast"
import { givePassword, goodPassword, otherPassword, typePassword } from "../support/passwords"
import { setUpWorld, type World, whoIs } from "../support/world"

const world = setUpWorld()
const email = "nell@new.test"

const kept = () => db().password.count({ where: { user: { email } } })

async function activation(w: World) {
  const { token } = await issueLink(db(), { purpose: "activation", email, organizationId: w.cast.acme.id })
  return { token, path: `/activate?token=${token}` }
}

async function invitation(w: World) {
  const { acme: organization, alice: invitedBy } = w.cast
  const { id } = await buildInvitation(db(), { organization, invitedBy, email })
  const request = { purpose: "invitation", email, invitationId: id, organizationId: organization.id } as const
  const { token } = await issueLink(db(), request)
  return { token, path: `/invitation?token=${token}` }
}

test.each([
  ["activation", activation],
  ["invitation", invitation],
])("[B3] where everyone has a password, %s asks for one, and is unspent until it fits", async (_, linkOf) => {
  const w = await world()
  w.settings({ PASSWORDS: "required" })
  const { token, path } = await linkOf(w)
  const browser = w.browser()
  expect((await browser.get(path)).body).toContain('autoComplete="new-password"')
  for (const password of ["", "short", "sunshine1"]) {
    const refused = await browser.post(path, { token, name: "Nell New", password })
    expect([refused.status, refused.body.includes('aria-invalid="true"')], password).toEqual([400, true])
    expect(refused.body).toContain('value="Nell New"')
  }
  expect((await browser.post(path, { token, name: "Nell New", password: goodPassword })).status).toBe(303)
  expect(await whoIs(browser)).toBe(email)
  expect((await typePassword(w.browser(), email)).status).toBe(303)
})

test.each([
  ["activation", activation],
  ["invitation", invitation],
])("[B3] where passwords are a choice, %s asks for none and keeps none", async (_, linkOf) => {
  const w = await world()
  const { token, path } = await linkOf(w)
  const browser = w.browser()
  expect((await browser.get(path)).body).not.toContain('autoComplete="new-password"')
  expect((await browser.post(path, { token, name: "Nell New", password: goodPassword })).status).toBe(303)
  expect(await whoIs(browser)).toBe(email)
  expect(await kept()).toBe(0)
})

test.each([
  ["activation", activation],
  ["invitation", invitation],
])(
  "[S7] %s: a password set before the mailbox was proven is gone, the one chosen now counts",
  async (_, linkOf) => {
    const w = await world()
    w.settings({ PASSWORDS: "required" })
    const at = new Date()
    const before = await db().user.create({
      data: { id: "before", email, emailTyped: email, createdAt: at, updatedAt: at },
    })
    await givePassword(before, otherPassword)
    const { token, path } = await linkOf(w)
    await w.browser().post(path, { token, name: "Nell New", password: goodPassword })
    expect((await typePassword(w.browser(), email, otherPassword)).status).toBe(400)
    expect((await typePassword(w.browser(), email, goodPassword)).status).toBe(303)
  },
)

test("[S7] an activation does not touch the password of somebody who has proven their mailbox", async () => {
  const w = await world()
  w.settings({ PASSWORDS: "required" })
  await givePassword(w.cast.bob)
  const { token } = await issueLink(db(), { purpose: "activation", email: w.cast.bob.email })
  const path = `/activate?token=${token}`
  expect((await w.browser().get(path)).body).not.toContain('autoComplete="new-password"')
  expect((await w.browser().post(path, { token, name: "Bob", password: otherPassword })).status).toBe(303)
  expect((await typePassword(w.browser(), w.cast.bob.email, otherPassword)).status).toBe(400)
  expect((await typePassword(w.browser(), w.cast.bob.email, goodPassword)).status).toBe(303)
})

test("[B3] a spent activation says so, whatever password comes with it", async () => {
  const w = await world()
  w.settings({ PASSWORDS: "required" })
  const { token, path } = await activation(w)
  await w.browser().post(path, { token, name: "Nell", password: goodPassword })
  const late = await w.browser().post(path, { token, name: "Nell", password: "short" })
  expect([late.status, late.body.includes("used already")]).toEqual([410, true])
})
