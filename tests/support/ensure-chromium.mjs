// Finds a browser for the tests: the system's own first; as root on Debian or Ubuntu it is installed.
import { spawnSync } from "node:child_process"
import { findChromium } from "./chromium.mjs"

if (!findChromium() && process.getuid?.() === 0 && has("apt-get")) {
  process.stdout.write("Installing chromium for the browser tests.\n")
  apt("update", "-qq")
  apt("install", "-y", "-qq", "--no-install-recommends", "chromium")
}
if (!findChromium()) {
  process.stderr.write(
    "The browser tests need chromium. Run: sudo apt-get install chromium (or set CHROMIUM_PATH to a Chrome or Chromium).\n",
  )
  process.exit(1)
}

function has(command) {
  return spawnSync(command, ["--version"], { stdio: "ignore" }).status === 0
}

function apt(...args) {
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" }
  spawnSync("apt-get", args, { stdio: ["ignore", "ignore", "inherit"], env })
}
