// Finds a browser and curl for the tests: the system's own first; as root on Debian or Ubuntu they are installed.
import { spawnSync } from "node:child_process"
import { findChromium } from "./chromium.mjs"

const missing = [...(findChromium() ? [] : ["chromium"]), ...(has("curl") ? [] : ["curl"])]
if (missing.length > 0 && process.getuid?.() === 0 && has("apt-get")) {
  process.stdout.write(`Installing ${missing.join(" and ")} for the tests.\n`)
  apt("update", "-qq")
  apt("install", "-y", "-qq", "--no-install-recommends", ...missing)
}
if (!findChromium()) {
  process.stderr.write(
    "The browser tests need chromium. Run: sudo apt-get install chromium (or set CHROMIUM_PATH to a Chrome or Chromium).\n",
  )
  process.exit(1)
}
if (!has("curl")) {
  process.stderr.write("The test of the API's guide needs curl. Run: sudo apt-get install curl\n")
  process.exit(1)
}

function has(command) {
  return spawnSync(command, ["--version"], { stdio: "ignore" }).status === 0
}

function apt(...args) {
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" }
  spawnSync("apt-get", args, { stdio: ["ignore", "ignore", "inherit"], env })
}
