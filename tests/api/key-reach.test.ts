import { describe, expect, test } from "vitest"
import { fromNow } from "~/platform/clock.server"
import { db } from "~/platform/db.server"
import { programOf } from "../support/callers"
import { day } from "../support/cast"
import { setUpWorld } from "../support/world"

const world = setUpWorld()

const acme = "/api/organizations/acme"
const keys = `${acme}/keys`
const wish = { name: "CI", scopes: ["members:read"] }

describe("how long a key lasts", () => {
  test("[A3] ten years at most; what no calendar holds is told by field, and nothing is made", async () => {
    const w = await world()
    const alice = await programOf(w, w.cast.alice)
    const tooFar = [
      "9999-12-31T23:59:59-12:00",
      "9999-12-31T23:59:59Z",
      fromNow(3_653 * day).toISOString(),
      "0000-01-01T00:00:00+12:00",
    ]
    for (const expiresAt of tooFar) {
      const answer = await alice.call("POST", keys, { ...wish, expiresAt })
      expect([answer.status, Object.keys(answer.json.error.fields ?? {})], expiresAt).toEqual([
        400,
        ["expiresAt"],
      ])
    }
    expect(await db().apiKey.count()).toBe(0)
    const made = await alice.call("POST", keys, { ...wish, expiresAt: fromNow(3_650 * day).toISOString() })
    expect(made.status).toBe(201)
    expect((await alice.call("GET", keys)).json.data).toHaveLength(1)
  })

  test("[A3] a key of an earlier version that ends beyond the calendar is told to end with it", async () => {
    const w = await world()
    const alice = await programOf(w, w.cast.alice)
    const { id } = (await alice.call("POST", keys, wish)).json
    await db().apiKey.update({ where: { id }, data: { expiresAt: new Date("+010000-01-01T11:59:59.000Z") } })
    const [told] = (await alice.call("GET", keys)).json.data
    expect(told).toMatchObject({ id, state: "live", expiresAt: "9999-12-31T23:59:59.999Z" })
  })
})
