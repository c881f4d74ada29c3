import { existsSync } from "node:fs"
import type { NewSecret } from "~/domain/billing/catalogue-endpoint.server"
import type { CatalogueLine } from "~/domain/billing/catalogue-run"
import { syncCatalogue } from "~/domain/billing/catalogue-sync.server"
import { plural } from "~/lib/format"
import { env } from "~/platform/env.server"

const said: Record<CatalogueLine["what"], [done: string, toDo: string]> = {
  make: ["made", "to make"],
  mend: ["mended", "to mend"],
  retire: ["retired", "to retire"],
  same: ["as it was", "as it is"],
  skipped: ["skipped", "skipped"],
  note: ["note", "note"],
  problem: ["problem", "problem"],
}

if (existsSync(".env")) process.loadEnvFile(".env")
const given = process.argv.slice(2)
const checkOnly = given[0] === "--check"
if (given.length > (checkOnly ? 1 : 0)) end("Usage: npm run stripe:sync [-- --check]")
else await run()

async function run() {
  try {
    const { stripe } = env()
    if (stripe) print(`Stripe in ${stripe.livemode ? "live" : "test"} mode\n`)
    const synced = await syncCatalogue({ checkOnly, tell, tellSecret })
    if (synced.ok) summarise(synced.value)
    else end(synced.error)
  } catch (error) {
    if (error instanceof Error && error.name === "SettingsError") end(error.message)
    else throw error
  }
}

function tell({ what, object, words }: CatalogueLine) {
  print(`${said[what][checkOnly ? 1 : 0].padEnd(10)} ${object}: ${words}`)
}

function tellSecret({ secret, replaces }: NewSecret) {
  const previous = replaces
    ? "\n  Move the one that stands there to STRIPE_WEBHOOK_SECRET_PREVIOUS for a few days."
    : ""
  print(`
  The signing secret of the new endpoint, shown this once:

  STRIPE_WEBHOOK_SECRET=${secret}

  Put it into the settings and restart the server.${previous}
  What Stripe sends until then is refused and sent again, for up to three days.
`)
}

function summarise({ acts, problems }: { acts: number; problems: number }) {
  const wrong = problems > 0 ? ` ${plural(problems, "problem")} for you to solve.` : ""
  if (checkOnly)
    end(
      `\n${acts === 0 ? "Nothing to change." : `${plural(acts, "thing")} to change.`}${wrong}`,
      acts + problems,
    )
  else end(`\n${acts === 0 ? "Nothing changed." : `${plural(acts, "thing")} changed.`}${wrong}`, problems)
}

function end(words: string, wrong = 1) {
  print(words)
  process.exitCode = wrong > 0 ? 1 : 0
}

function print(words: string) {
  process.stdout.write(`${words}\n`)
}
