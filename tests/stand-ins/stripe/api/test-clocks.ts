import { cancelNow } from "../billing/cancelling"
import { runDue } from "../billing/due"
import { DAY } from "../clock"
import { refused } from "../errors"
import { newId } from "../ids"
import type { Ledger } from "../ledger"
import { page } from "../listing"
import type { TestClockObject } from "../objects"
import { accepts, acceptsPage, int, text } from "../params"
import { route } from "../router"

const PATH = "/v1/test_helpers/test_clocks"

/** Moves one test clock; everything of its customers that falls due happens at its own time. */
export function advanceTestClock(ledger: Ledger, clock: TestClockObject, to: number): TestClockObject {
  if (to <= clock.frozen_time)
    throw refused("`frozen_time` must be in the future of the test clock.", "frozen_time")
  clock.status = "advancing"
  ledger.emit("test_helpers.test_clock.advancing", clock)
  runDue(ledger, clock.id, to, time => {
    clock.frozen_time = Math.max(clock.frozen_time, time)
  })
  clock.status = "ready"
  ledger.emit("test_helpers.test_clock.ready", clock)
  return clock
}

export const testClockRoutes = [
  route("GET", PATH, acceptsPage({}), ({ ledger, params }) => page(ledger.testClocks.all(), params, PATH)),
  route("POST", PATH, accepts({ frozen_time: int, name: text.optional() }), ({ ledger, params }) => {
    const clock = ledger.testClocks.put({
      id: newId("clock"),
      object: "test_helpers.test_clock",
      created: ledger.clock.now(),
      deletes_after: ledger.clock.now() + 30 * DAY,
      frozen_time: params.frozen_time,
      livemode: false,
      name: params.name ?? null,
      status: "ready",
      status_details: {},
    })
    ledger.emit("test_helpers.test_clock.created", clock)
    return clock
  }),
  route("GET", `${PATH}/:id`, accepts({}), ({ ledger, id }) => ledger.testClocks.require(id)),
  route("POST", `${PATH}/:id/advance`, accepts({ frozen_time: int }), ({ ledger, params, id }) =>
    advanceTestClock(ledger, ledger.testClocks.require(id), params.frozen_time),
  ),
  route("DELETE", `${PATH}/:id`, accepts({}), ({ ledger, id }) => {
    ledger.testClocks.require(id)
    for (const customer of ledger.customers.filter(row => row.test_clock === id)) {
      for (const row of ledger.subscriptions.filter(one => one.customer === customer.id && !one.ended_at)) {
        cancelNow(ledger, row, "cancellation_requested")
      }
      ledger.customers.delete(customer.id)
    }
    ledger.testClocks.delete(id)
    return { id, object: "test_helpers.test_clock", deleted: true }
  }),
]
