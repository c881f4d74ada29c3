// Given to a server by --import: its wall clock is the real one plus the milliseconds in MOVED_CLOCK_FILE, which is read
// again and again. Timers run on the monotonic clock and are left alone.
import { readFileSync } from "node:fs"

let moved = 0

function read() {
  moved = Number(readFileSync(process.env.MOVED_CLOCK_FILE ?? "", "utf8")) || moved
}

read()
setInterval(read, 20).unref()

const RealDate = Date
const now = () => RealDate.now() + moved

globalThis.Date = new Proxy(RealDate, {
  construct: (target, given, asked) =>
    Reflect.construct(target, given.length > 0 ? given : [now()], asked === globalThis.Date ? target : asked),
  apply: () => new RealDate(now()).toString(),
  get: (target, name) => (name === "now" ? now : Reflect.get(target, name)),
})
