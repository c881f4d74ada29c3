import { expect, test } from "vitest"
import { requeuePurchaseMails } from "~/domain/mail/requeue.server"
import { db } from "~/platform/db.server"
import { setUpBillingWorld } from "../support/stripe"
import { mailedLink } from "../support/world"

const world = setUpBillingWorld()
const states = async (recipient: string) =>
  (await db().mail.findMany({ where: { recipient }, orderBy: { createdAt: "asc" } })).map(
    ({ template, state }) => `${template} ${state}`,
  )

test("[M1] what was paid for while mail was not set up is mailed once it is, once", async () => {
  const w = await world()
  w.settings({ SMTP_HOST: "" })
  await w.purchase(w.browser())
  await w.arrive()
  w.clock.advance(1000)
  await w.browser().post("/activate/resend", { email: "dora@example.test" })
  await w.settle()
  expect(await states("dora@example.test")).toEqual(["activation not_set_up", "activation not_set_up"])
  expect(await requeuePurchaseMails()).toBe(0)
  w.settings({})
  expect(await requeuePurchaseMails()).toBe(1)
  expect(await requeuePurchaseMails()).toBe(0)
  await w.settle()
  expect(w.mailbox.latestTo("dora@example.test").link).toContain("/activate?token=")
  expect(await states("dora@example.test")).toEqual(["activation not_set_up", "activation sent"])
  expect(await requeuePurchaseMails()).toBe(0)
})

test("[M1] sign-in mails of that time stay unsent, and so does an activation nobody needs", async () => {
  const w = await world()
  w.settings({ SMTP_HOST: "" })
  await w.purchase(w.browser())
  await w.arrive()
  await expect(mailedLink(w, w.browser(), "alice@acme.test")).rejects.toThrow()
  await db().user.update({ where: { email: "dora@example.test" }, data: { provenAt: new Date() } })
  w.settings({})
  expect(await requeuePurchaseMails()).toBe(0)
})
