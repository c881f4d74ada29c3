import { setClock } from "~/platform/clock.server"

/** A clock of the test's own: it runs on from a fixed moment, and `advance` moves it. */
export function testClock(start = Date.now()) {
  let offset = start - Date.now()
  setClock(() => Date.now() + offset)
  return {
    advance: (ms: number) => {
      offset += ms
    },
    restore: () => setClock(),
  }
}

export type TestClock = ReturnType<typeof testClock>
export const seconds = (n: number) => n * 1000
export const minutes = (n: number) => seconds(60 * n)
export const hours = (n: number) => minutes(60 * n)
export const days = (n: number) => hours(24 * n)
