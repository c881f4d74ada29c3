/**
 * `npm run chaos`: lives of an account as tests/billing/property.test.ts leads them, with the built server in a process of its
 * own, spoken to over HTTP only, and killed by SIGKILL at any moment. Each life settles and is judged; the first that goes
 * wrong ends the run with its seed and story.
 *
 *   --minutes <n>   how long; 5 unless told
 *   --seed <n>      of the first life; the others follow it. Any unless told
 */
import { parseArgs } from "node:util"
import { setEnv } from "~/platform/env.server"
import { serveAccount } from "../billing/lives/served-account"
import { anySeed } from "../stand-ins/stripe/dice"
import { ensureBuilt } from "../support/process"
import { type ChaosFigures, chaosLife } from "./life"

const { values } = parseArgs({
  options: { minutes: { type: "string", default: "5" }, seed: { type: "string" } },
})
const first = values.seed === undefined ? anySeed() : Number(values.seed)
const until = performance.now() + Number(values.minutes) * 60_000

setEnv({ NODE_ENV: "test" })
ensureBuilt()
const account = await serveAccount()
const sum: ChaosFigures = { acts: 0, kills: 0, deliveries: 0, faults: 0, subscriptions: 0, mails: 0 }
const started = performance.now()
let lives = 0
console.log(`Chaos from seed ${first} for ${values.minutes} minutes.`)

while (performance.now() < until && process.exitCode === undefined) {
  const seed = first + lives
  const { story, problems, figures } = await chaosLife(account, seed)
  lives += 1
  for (const name of ["acts", "kills", "deliveries", "faults", "subscriptions", "mails"] as const) {
    sum[name] += figures[name]
  }
  if (problems.length > 0) {
    console.error(`seed ${seed}\n${story.join("\n")}\n\n${problems.join("\n")}`)
    process.exitCode = 1
  }
}

const seconds = Math.round((performance.now() - started) / 1_000)
console.log(
  `${lives} lives from seed ${first} in ${seconds} s: ${sum.acts} acts, ${sum.kills} kills, ${sum.deliveries} deliveries, ` +
    `${sum.faults} faults, ${sum.subscriptions} subscriptions, ${sum.mails} mails. ` +
    (process.exitCode === 1 ? "The last life went wrong." : "Nothing went wrong."),
)
await account.stop()
