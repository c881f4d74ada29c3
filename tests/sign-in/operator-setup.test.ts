import { expect, test } from "vitest"
import { makeSetupLink } from "~/domain/sign-in/operator-setup.server"
import { db } from "~/platform/db.server"
import { setUpWorld, type World, whoIs } from "../support/world"

const world = setUpWorld()

async function withoutOperator(): Promise<World> {
  const w = await world()
  await db().user.deleteMany({ where: { isOperator: true } })
  return w
}

const token = (link: string | undefined) => new URL(link ?? "").searchParams.get("token") ?? ""

test("[R2] the set-up link makes its holder the operator, once, without any mail", async () => {
  const w = await withoutOperator()
  const link = await makeSetupLink()
  const browser = w.browser()
  expect((await browser.get(browser.inside(link ?? ""))).status).toBe(200)
  const fields = { token: token(link), name: "Olive", email: "olive@gatehouse.test" }
  expect((await browser.post("/setup", fields)).location).toBe("/admin")
  expect(await whoIs(browser)).toBe("olive@gatehouse.test")
  expect((await browser.get("/admin")).status).toBe(200)
  expect(w.mailbox.messages()).toEqual([])
  expect(await makeSetupLink()).toBeUndefined()
})

test("[R2] two racers make one operator", async () => {
  const w = await withoutOperator()
  const link = await makeSetupLink()
  const racers = ["a", "b"].map(name =>
    w.browser().post("/setup", { token: token(link), name, email: `${name}@gatehouse.test` }),
  )
  const answers = await Promise.all(racers)
  expect(answers.filter(a => a.status === 303)).toHaveLength(1)
  expect(await db().user.count({ where: { isOperator: true } })).toBe(1)
})

test("[R2] /setup is 404 without the link, and an earlier link dies with the next", async () => {
  const w = await withoutOperator()
  const first = await makeSetupLink()
  const second = await makeSetupLink()
  const browser = w.browser()
  expect((await browser.get("/setup")).status).toBe(404)
  expect((await browser.get(browser.inside(first ?? ""))).status).toBe(404)
  expect((await browser.get(browser.inside(second ?? ""))).status).toBe(200)
})

test("[D1] others are sent home from the operator's desk, guests to sign-in", async () => {
  const w = await world()
  const guest = await w.browser().get("/admin")
  expect(guest.location).toBe("/login?redirectTo=%2Fadmin")
})
