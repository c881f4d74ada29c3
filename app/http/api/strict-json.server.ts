/**
 * What a program sends is read in the one way that no two parsers can differ on, or refused: somebody could otherwise show one thing
 * to what checks in front of us and another to us (RFC 8259, sections 4, 8.1 and 8.2; RFC 7493, I-JSON). JSON.parse decides what is
 * JSON; it tells nothing of keys that stand twice, so the text is looked through once more.
 */
import type { z } from "zod"
import { failureJson } from "~/http/failures.server"

/** Nothing we take is nested deeper than a few levels. */
const deepest = 64
/** They would reach what an object inherits, wherever it is copied carelessly. */
const refusedKeys = new Set(["__proto__", "constructor", "prototype"])
/** All of a JSON text that matters here: whole strings, and what gives it structure. */
const tokens = /"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\],]/g
const halfCharacter = /\p{Surrogate}/u
/** What is longer is somebody's joke, and is not said back to them. */
const longestPath = 200

/**
 * The body of a request as JSON in UTF-8, without a byte order mark. Throws the 400 that says what is wrong and where; an empty body
 * is undefined.
 */
export async function readStrictJson(request: Request): Promise<unknown> {
  const bytes = await request.arrayBuffer()
  if (bytes.byteLength === 0) return undefined
  const { text, value } = parsed(bytes)
  const found = doubtIn(text)
  if (!found) return value
  throw failureJson("invalid_input", { fields: { [found.path.slice(0, longestPath)]: [found.words] } })
}

/** The query by name. Throws the 400 for a parameter that stands twice, of which one reader takes the first and another the last. */
export function readStrictQuery(request: Request): Record<string, string> {
  const given = [...new URL(request.url).searchParams]
  const query = new Map(given)
  if (query.size === given.length) return Object.fromEntries(query)
  const once = new Set<string>()
  const twice = given.filter(([name]) => once.size === once.add(name).size)
  const fields = twice.map(([name]) => [name.slice(0, longestPath), ["Give this once."]])
  throw failureJson("invalid_input", { fields: Object.fromEntries(fields) })
}

/** What is wrong, by field: the path of each with dots. What concerns the whole stands under the empty name. */
export function fieldsOf(error: z.ZodError): Record<string, string[]> {
  // No object yet: a field may be called `toString`.
  const fields = new Map<string, string[]>()
  for (const { path, message } of error.issues.flatMap(plainly)) {
    const name = path.map(String).join(".").slice(0, longestPath)
    fields.set(name, [...(fields.get(name) ?? []), message])
  }
  return Object.fromEntries(fields)
}

type Issue = z.core.$ZodIssue

/** A field that nobody knows is told by its name, also where all but that would be one of several shapes. */
function plainly(issue: Issue): Pick<Issue, "path" | "message">[] {
  if (issue.code === "unrecognized_keys")
    return issue.keys.map(key => ({ path: [...issue.path, key], message: "There is no such field here." }))
  if (issue.code !== "invalid_union") return [issue]
  const near = issue.errors.filter(shape => shape.every(({ code }) => code === "unrecognized_keys"))
  return near.length === 1 ? near.flat().flatMap(plainly) : [issue]
}

function parsed(bytes: ArrayBuffer): { text: string; value: unknown } {
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes)
    return { text, value: JSON.parse(text) }
  } catch {
    throw failureJson("not_json")
  }
}

/** An object or list that is open: `keys` are those of an object so far, `at` is where in it the reading is. */
type Level = { keys?: Set<string>; at: string | number; awaitsKey: boolean }

/** The first thing in a text, which is JSON, that could be read in two ways. */
function doubtIn(text: string): { path: string; words: string } | undefined {
  const levels: Level[] = []
  const doubt = (words: string) => ({ path: levels.map(({ at }) => at).join("."), words })
  for (const [token] of text.matchAll(tokens)) {
    const level = levels.at(-1)
    if (token === "{" || token === "[") {
      if (levels.length === deepest) return doubt("This is nested too deeply.")
      levels.push(token === "{" ? { keys: new Set(), at: "", awaitsKey: true } : { at: 0, awaitsKey: false })
    } else if (token === "}" || token === "]") levels.pop()
    else if (token === ",") {
      if (level?.keys) level.awaitsKey = true
      else if (level && typeof level.at === "number") level.at += 1
    } else {
      const string = String(JSON.parse(token))
      const isKey = level?.keys && level.awaitsKey
      if (isKey) {
        level.at = string
        level.awaitsKey = false
        if (level.keys?.has(string)) return doubt("This key stands more than once.")
        if (refusedKeys.has(string)) return doubt("This key is not accepted.")
        level.keys?.add(string)
      }
      if (halfCharacter.test(string)) return doubt("This holds half a character, which is no Unicode.")
    }
  }
  return undefined
}
