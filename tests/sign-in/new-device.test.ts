import { expect, test } from "vitest"
import { purgeSessions } from "~/domain/accounts/sessions.server"
import { db } from "~/platform/db.server"
import { days } from "../support/clock"
import { setUpWorld, signIn } from "../support/world"

const world = setUpWorld()
const email = "alice@acme.test"

test("[S4] the first sign-in is no news; one after the sessions of old are forgotten is told by mail", async () => {
  const w = await world()
  const told = () => w.mailbox.messages(email).filter(mail => mail.subject.startsWith("New sign-in"))
  await signIn(w, w.browser(), email)
  await w.settle()
  await signIn(w, w.browser(), email)
  await w.settle()
  expect(told()).toEqual([])
  w.clock.advance(days(400))
  await purgeSessions()
  expect(await db().session.count()).toBe(0)
  await signIn(w, w.browser(), email)
  await w.settle()
  expect(told()).toHaveLength(1)
})
