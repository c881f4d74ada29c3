import { setTimeout as sleep } from "node:timers/promises"
import { afterAll, beforeAll, expect, test } from "vitest"
import { issueLink } from "~/domain/links/issue.server"
import { signInWithLink } from "~/domain/sign-in/email-link.server"
import { type Connection, connect, db, withDatabase } from "~/platform/db.server"
import { Browser, hiddenField } from "../support/browser"
import { type FreshDatabase, freshDatabase } from "../support/database"
import { setUpHouse } from "./house"
import { press } from "./visitor"

const house = setUpHouse({ LIMIT_LINKS_PER_CLIENT: "100000", LIMIT_CHECKS_PER_CLIENT: "100000" })

let database: FreshDatabase
let other: Connection
beforeAll(async () => {
  database = await freshDatabase()
  other = await connect(database.file)
})
afterAll(async () => {
  await other.close()
  await database.close()
})

test("[L6] two connections that spend one link at once sign in once, every time", async () => {
  const attempt = { requester: { clientAddress: "192.0.2.7", userAgent: "tests" } }
  for (let i = 0; i < 20; i++) {
    const { token } = await issueLink(db(), { purpose: "sign_in", email: `p${i}@example.test` })
    const here = () => signInWithLink(token, attempt)
    const there = () => withDatabase(other, () => signInWithLink(token, attempt))
    const outcomes = await Promise.all(i % 2 ? [here(), there()] : [there(), here()])
    const refused = outcomes.flatMap(outcome => (outcome.ok ? [] : [outcome.error]))
    expect(refused).toEqual(["used"])
    expect(await db().session.count()).toBe(i + 1)
  }
})

test("[L6] two processes on one file mail each request once and spend each link once", async () => {
  const h = await house()
  const neighbour = await h.neighbour()
  const doors = [h.url, neighbour.url]
  const people = Array.from({ length: 12 }, (_, i) => `p${i}@example.test`)

  const stamps = await Promise.all(
    doors.map(async url => hiddenField((await new Browser(url).get("/login")).body, "made")),
  )
  await sleep(700)
  const asked = people.map((email, i) => {
    const side = i % doors.length
    return new Browser(doors[side] ?? "").post("/login", { email, website: "", made: stamps[side] ?? "" })
  })
  expect((await Promise.all(asked)).map(answer => answer.status)).toEqual(people.map(() => 303))
  await h.settled()
  expect(
    h.mailbox
      .messages()
      .flatMap(mail => mail.to)
      .sort(),
  ).toEqual([...people].sort())

  const pairs = people.map(email => {
    const { pathname, search } = new URL(h.mailbox.latestTo(email).link)
    return Promise.all(doors.map(url => press(new Browser(url), url + pathname + search)))
  })
  for (const answers of await Promise.all(pairs)) {
    expect(answers.map(answer => answer.status).sort()).toEqual([303, 410])
  }
  expect(h.count("Session")).toBe(people.length)
})
