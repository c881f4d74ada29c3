import { refused } from "../errors"
import type { Ledger } from "../ledger"
import type { TestClockObject } from "../objects"
import { runDue } from "./due"

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
