import { expect, test } from "vitest"
import { db } from "~/platform/db.server"
import { buildMembership } from "../support/cast"
import { Program, signInProgram } from "../support/program"
import { enter } from "../support/tenancy"
import { setUpWorld, type World } from "../support/world"

const world = setUpWorld()
const profile = "/api/auth/profile"
/** In front of Remix, and by it: another spelling of the same address. */
const both = [profile, `${profile}/`]

/** Bob's program, with a token that speaks of Acme. */
async function bobInAcme(w: World) {
  const p = await signInProgram(new Program(w.url), w.cast.bob)
  await p.withCookie("/api/auth/refresh")
  return p
}

async function expectOrganization(p: Program, expected: unknown, email = "bob@acme.test") {
  for (const path of both) {
    const { status, json } = await p.call("GET", path)
    expect([status, json.user.email, json.organization], path).toEqual([200, email, expected])
  }
}

test("[A4] asked by token, the profile tells the token's organisation and the role of this moment", async () => {
  const w = await world()
  const { acme, birch, bob } = w.cast
  await buildMembership(db(), { user: bob, organization: birch, role: "owner" })
  const p = await signInProgram(new Program(w.url), bob)
  await expectOrganization(p, null)
  const switched = await p.call("POST", "/api/auth/switch-org", { organization: "acme" })
  p.accessToken = switched.json.accessToken
  const told = { id: acme.id, slug: "acme", name: "Acme", role: "member" }
  await expectOrganization(p, told)
  await db().membership.updateMany({
    where: { userId: bob.id, organizationId: acme.id },
    data: { role: "admin" },
  })
  await db().organization.update({ where: { id: acme.id }, data: { slug: "acme-bikes" } })
  await expectOrganization(p, { ...told, slug: "acme-bikes", role: "admin" })
})

test("[A4] whoever was removed is told no organisation at the very next request, nor any other of theirs", async () => {
  const w = await world()
  const { acme, birch, bob } = w.cast
  const p = await bobInAcme(w)
  await buildMembership(db(), { user: bob, organization: birch, role: "member" })
  const { id } = await db().membership.findFirstOrThrow({
    where: { userId: bob.id, organizationId: acme.id },
  })
  const alice = await signInProgram(new Program(w.url), w.cast.alice)
  expect((await alice.call("DELETE", `/api/organizations/acme/members/${id}`)).status).toBe(204)
  await expectOrganization(p, null)
})

test("[O12] nor is one told that is archived, or asks for more than the session has shown", async () => {
  const w = await world()
  const p = await bobInAcme(w)
  const where = { id: w.cast.acme.id }
  const open = { archivedAt: null, signInMethods: "", requireMfa: false }
  for (const rule of [{ archivedAt: new Date() }, { signInMethods: "passkey" }, { requireMfa: true }]) {
    await db().organization.update({ where, data: { ...open, ...rule } })
    await expectOrganization(p, null)
  }
  await db().organization.update({ where, data: open })
  for (const path of both)
    expect((await p.call("GET", path)).json.organization).toMatchObject({ id: w.cast.acme.id })
})

test("[A4] a page's session speaks of no organisation", async () => {
  const w = await world()
  const page = await enter(w.browser(), w.cast.alice)
  for (const path of both)
    expect(JSON.parse((await page.get(path)).body)).toMatchObject({
      user: { id: w.cast.alice.id },
      organization: null,
    })
})
