import { readFileSync } from "node:fs"
import { environment } from "~/platform/environment.server"
import type { Problem } from "~/platform/setting-problems.server"
import { isProblem, readSettings, type Settings } from "~/platform/settings.server"

let current: Settings | undefined

/** The settings of this process, read once. Throws a `SettingsError` that names everything missing or weak. */
export function env(): Settings {
  current ??= load(process.env)
  return current
}

/** For tests: settings as if the environment held these values on top of the real ones. */
export function setEnv(values: Record<string, string | undefined>): void {
  current = load({ ...process.env, ...values })
}

export class SettingsError extends Error {
  constructor(readonly problems: Problem[]) {
    super(
      `Gatehouse cannot start with these settings:\n${problems.map(p => `  ${p.name}: ${p.words}`).join("\n")}`,
    )
    this.name = "SettingsError"
  }
}

function load(source: Record<string, string | undefined>): Settings {
  const { values, problems } = withSecretFiles(source)
  const settings = readSettings(values)
  const all = [...problems, ...(isProblem(settings) ? settings.problems : [])]
  if (all.length > 0 || isProblem(settings)) throw new SettingsError(all)
  return settings
}

/** `NAME_FILE` holds the path of a file with the value of `NAME` (Docker and Kubernetes secrets). */
function withSecretFiles(source: Record<string, string | undefined>) {
  const values = { ...source }
  const problems: Problem[] = []
  for (const [name, path] of Object.entries(source)) {
    const target = name.replace(/_FILE$/, "")
    if (target === name || !(target in environment.shape) || !path) continue
    if (source[target]) {
      problems.push({ name, words: `set either ${target} or ${name}, not both.` })
      continue
    }
    try {
      values[target] = readFileSync(path, "utf8").trim()
    } catch {
      problems.push({ name, words: `the file ${path} cannot be read.` })
    }
  }
  return { values, problems }
}
