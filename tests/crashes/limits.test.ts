import { expect, test, vi } from "vitest"
import { type House, setUpHouse } from "./house"
import { askForLink } from "./visitor"

const house = setUpHouse()

/** Counters are written a second after they change; what a power cut may forget is that second. */
const written = (h: House, limits: number) =>
  vi.waitFor(() => expect(h.count("RateLimit")).toBeGreaterThanOrEqual(limits), { timeout: 5_000 })

const rests = [
  { way: "SIGTERM", rest: async (h: House) => expect(await h.stop()).toBe(0) },
  {
    way: "a kill",
    rest: async (h: House) => {
      await written(h, 4)
      await h.kill()
    },
  },
]

test.each(rests)("[L16] the limits of sign-in and mail survive $way", async ({ rest }) => {
  const h = await house({ settings: { MAIL_BUDGET_PER_HOUR: "1" } })
  expect((await askForLink(h.browser(), "alice@acme.test")).status).toBe(303)
  await h.settled()
  await rest(h)
  await h.start()

  const again = await askForLink(h.browser(), "alice@acme.test")
  expect(again.status).toBe(429)
  expect(Number(again.headers.get("Retry-After"))).toBeGreaterThan(0)
  expect(Number(again.headers.get("Retry-After"))).toBeLessThanOrEqual(60)

  expect((await askForLink(h.browser(), "bob@acme.test")).status).toBe(303)
  await vi.waitFor(() =>
    expect(h.rows("SELECT recipient, state FROM Mail ORDER BY createdAt")).toEqual([
      { recipient: "alice@acme.test", state: "sent" },
      { recipient: "bob@acme.test", state: "queued" },
    ]),
  )
  expect(h.mailbox.messages("bob@acme.test")).toEqual([])
  expect(JSON.stringify(h.rows("SELECT * FROM RateLimit"))).not.toMatch(/alice|acme|127\.0/)
})

test("[L16] the count of wrong links by a client survives a stop", async () => {
  const h = await house()
  const guess = () => h.browser().post("/login/link?token=guess", { token: "guess" })
  for (let i = 0; i < 10; i++) expect((await guess()).status).toBe(410)
  await h.stop()
  await h.start()
  expect((await guess()).status).toBe(429)
})
