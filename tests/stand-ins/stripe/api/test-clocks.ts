import { removeCustomer } from "../billing/customers"
import { advanceTestClock } from "../billing/test-clocks"
import { DAY } from "../clock"
import { newId } from "../ids"
import { page } from "../listing"
import { accepts, acceptsPage, int, text } from "../params"
import { route } from "../router"

const PATH = "/v1/test_helpers/test_clocks"

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
      removeCustomer(ledger, customer)
    }
    ledger.testClocks.delete(id)
    return { id, object: "test_helpers.test_clock", deleted: true }
  }),
]
