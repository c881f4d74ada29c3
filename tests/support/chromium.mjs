import { existsSync } from "node:fs"
import { delimiter, join } from "node:path"

const names = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"]
const elsewhere = [
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
]

/**
 * The path of a chromium of this machine: CHROMIUM_PATH, else one on the PATH, else where macOS keeps it.
 * @returns {string | undefined}
 */
export function findChromium() {
  const folders = (process.env.PATH ?? "").split(delimiter).concat("/usr/bin")
  const onPath = folders.flatMap(folder => names.map(name => join(folder, name)))
  return [process.env.CHROMIUM_PATH ?? "", ...onPath, ...elsewhere].find(path => path && existsSync(path))
}
