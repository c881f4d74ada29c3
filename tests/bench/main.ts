/**
 * `npm run bench`: what Gatehouse costs, as ratios against a bare server that does the same lookups and writes (see
 * raw/server.ts). Servers run on one core, this client on the other; rounds alternate between the two, and medians count,
 * so that a busy machine slows both sides alike. Nothing here passes or fails: the figures are for reading.
 *
 *   --json <file>      also writes the figures to a file
 *   --cells a,b        only these: check, checkOfMillion, bearer, bearerOfMillion, newBearer, checkInRemix, page,
 *                      request, spend, journey, single, organization, start
 *   --seconds <n>      how long one measurement takes; 3 unless told
 *   --rounds <n>       3 unless told
 *   --cpu-prof <dir>   lets every server write a CPU profile into this folder
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { dirname, resolve } from "node:path"
import { parseArgs } from "node:util"
import { cells } from "./cells"
import { measureOrganization } from "./organization"
import { measureCells } from "./rounds"
import { canPin, pinClient } from "./servers"
import { measureSingle } from "./single"
import { measureStart } from "./start"
import { printCells, printOrganization, printSingle, printStart } from "./table"

const { values } = parseArgs({
  options: {
    json: { type: "string" },
    cells: { type: "string" },
    seconds: { type: "string", default: "3" },
    rounds: { type: "string", default: "3" },
    "cpu-prof": { type: "string" },
  },
})

const wanted = values.cells?.split(",")
const isWanted = (name: string) => wanted === undefined || wanted.includes(name)
const chosen = Object.entries(cells).flatMap(([name, cell]) => (isWanted(name) ? [cell] : []))

mkdirSync(resolve(".cache/bench"), { recursive: true })
const folder = mkdtempSync(resolve(".cache/bench/run-"))
const options = {
  folder,
  seconds: Number(values.seconds),
  rounds: Number(values.rounds),
  cpuProfiles: values["cpu-prof"] && resolve(values["cpu-prof"]),
}

try {
  pinClient()
  if (!canPin)
    console.log("Server and client share all cores here: the ratios say less than on Linux with two cores.")
  const measured = await measureCells(chosen, options)
  printCells(measured)
  const single = isWanted("single") ? await measureSingle(options) : undefined
  if (single) printSingle(single)
  const organization = isWanted("organization") ? await measureOrganization(options) : undefined
  if (organization) printOrganization(organization)
  const start = isWanted("start") ? await measureStart(options) : undefined
  if (start) printStart(start)
  if (values.json) {
    mkdirSync(dirname(resolve(values.json)), { recursive: true })
    writeFileSync(
      values.json,
      `${JSON.stringify({ cells: measured, single, organization, start }, null, 2)}\n`,
    )
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}
