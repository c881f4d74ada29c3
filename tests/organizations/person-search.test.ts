import { expect, test } from "vitest"
import { findActors } from "~/domain/organizations/audit-people.server"
import { listPeople } from "~/domain/organizations/desk-people.server"
import { listMembers } from "~/domain/organizations/members.server"
import { db } from "~/platform/db.server"
import { programOf } from "../support/callers"
import { buildMembership, buildUser } from "../support/cast"
import { member } from "../support/membership"
import { setUpWorld, signIn, type World } from "../support/world"

const world = setUpWorld()
const odd = { "jo_smith@acme.test": "Jo 100% \\ Smith", "joxsmith@acme.test": "Jo 100 Smith" }

async function peopled(): Promise<World> {
  const w = await world()
  for (const [email, name] of Object.entries(odd)) {
    const user = await buildUser(db(), { email, name })
    await buildMembership(db(), { user, organization: w.cast.acme, role: "member" })
  }
  const user = await buildUser(db(), { email: "else_where@birch.test", name: "50%" })
  await buildMembership(db(), { user, organization: w.cast.birch, role: "member" })
  return w
}

const found = {
  _: ["jo_smith@acme.test"],
  "%": ["jo_smith@acme.test"],
  "%%": [],
  "a%e": [],
  O_S: ["jo_smith@acme.test"],
  "100% \\ s": ["jo_smith@acme.test"],
  "\\": ["jo_smith@acme.test"],
  "100_": [],
  "\0": [],
  "jo\0": [],
  smith: ["jo_smith@acme.test", "joxsmith@acme.test"],
}

test("[O2] a search for members takes wildcards for themselves, and finds nobody of another organisation", async () => {
  const w = await peopled()
  const asked = await member(w.cast.bob, "acme")
  const bob = await programOf(w, w.cast.bob)
  for (const [search, emails] of Object.entries(found)) {
    const { rows } = await listMembers(asked, { search })
    expect(rows.map(({ email }) => email).sort(), JSON.stringify(search)).toEqual(emails)
    const { json } = await bob.call("GET", `/api/organizations/acme/members?q=${encodeURIComponent(search)}`)
    expect(json.data.map(({ email }: { email: string }) => email).sort(), search).toEqual(emails)
  }
  const browser = w.browser()
  await signIn(w, browser, "bob@acme.test")
  const page = await browser.get("/o/acme/members?search=%25")
  expect(page.status).toBe(200)
})

test("[D1] so do the desk's search of everybody, and the audit log's for who did it", async () => {
  const w = await peopled()
  const everybody = async (search: string) =>
    (await listPeople(search, {})).rows.map(({ email }) => email).sort()
  expect(await everybody("_")).toEqual(["else_where@birch.test", "jo_smith@acme.test"])
  expect(await everybody("0%")).toEqual(["else_where@birch.test", "jo_smith@acme.test"])
  expect(await everybody("%_%")).toEqual([])
  expect(await everybody("\0")).toEqual([])
  expect(await findActors(w.cast.acme.id, "%")).toHaveLength(1)
  expect(await findActors(w.cast.acme.id, "%%%")).toEqual([])
  expect(await findActors(w.cast.acme.id, "\0")).toEqual([])
})
