import { expect, test } from "vitest"
import { codeOf, programByKey } from "../support/callers"
import { Program } from "../support/program"
import { setUpBillingWorld } from "../support/stripe"

const world = setUpBillingWorld()
const checkout = "/api/billing/create-checkout-session"

test("[A3] a key that names its organisation where it takes a person hears that, and not that nobody is signed in", async () => {
  const w = await world()
  const key = await programByKey(w, w.cast.alice)
  const wish = { plan: "starter", interval: "month", organization: "acme" }
  const asked = [
    ["POST", checkout, wish],
    ["POST", "/api/billing/portal", { organization: "acme" }],
    ["GET", "/api/onboarding/progress?org=acme", undefined],
    ["PATCH", "/api/onboarding/progress", { org: "acme", postponed: true }],
  ] as const
  for (const [method, path, body] of asked)
    expect(codeOf(await key.call(method, path, body)), path).toBe("403 scope_missing")
  const guest = await new Program(w.url).send("POST", checkout, wish, { Origin: w.url })
  expect(codeOf(guest)).toBe("401 signed_out")
})
