const redacted = "[redacted]"

/** Names whose values are never logged, compared without case, dashes and underscores. */
const secretName =
  /^(proxy)?authorization$|cookie$|password|passphrase|secret|token$|^(sign)?(in)?code$|^nonce$|apikey$|credential|privatekey|signature$/

/**
 * Secrets that stand inside a text: an address with a query, a header, an error message of somebody else's library. Texts come from
 * strangers, too: once a pattern has begun on a run of letters it takes it whole, so that no run is read again from its middle.
 */
const secretsInText: [RegExp, string][] = [
  [/\b(token|session_id|code|state|nonce|password|client_secret)=[^&\s"'<>#]+/gi, `$1=${redacted}`],
  [/\b(Bearer|Basic)\s+[\w.~+/=-]+/gi, `$1 ${redacted}`],
  [/\b((?:sk|rk)_(?:test_|live_)?|whsec_)[A-Za-z0-9+/=]+/g, `$1${redacted}`],
  // The one address that takes a token as a part of its path: whatever stands there, with a slip of the pen, too.
  [/(\/magic-link\/verify\/)[^\s"'<>?#]+/gi, `$1${redacted}`],
  // A JWT, or the beginning of one: base64url of `{"`.
  [/(?<![A-Za-z0-9])eyJ[\w-]{5,}(?:\.[\w-]*){0,4}/g, redacted],
  // An API key, or a piece of one beyond the four characters that people know it by.
  [/\b(gatehouse_)[\w-]{5,}/g, `$1${redacted}`],
  // 32 or 64 random bytes in base64url, wherever they stand: every token of ours, in a path too.
  [/(?<![\w-])(?:[\w-]{43}|[\w-]{86})(?![\w-])/g, redacted],
]

/** The text without tokens, keys and codes [L10]. */
export function redactText(text: string): string {
  let clean = text
  for (const [pattern, replacement] of secretsInText) clean = clean.replace(pattern, replacement)
  return clean
}

const deepest = 6
const longestList = 100

/** A copy without secrets: by the name of a field, and by what a text looks like. Errors become plain values. */
export function redact(value: unknown, depth = 0): unknown {
  if (typeof value === "string") return redactText(value)
  if (typeof value === "bigint") return value.toString()
  if (typeof value !== "object" || value === null) return value
  if (value instanceof Date) return value
  if (depth >= deepest) return "[too deep]"
  if (value instanceof Error) return redactError(value, depth)
  if (value instanceof URL) return redactText(value.href)
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`
  if (Array.isArray(value)) return value.slice(0, longestList).map(item => redact(item, depth + 1))
  return redactFields(value, depth)
}

/** The `code` of an error stays: it is one of Node's, SQLite's or Prisma's, never a sign-in code. */
function redactError(error: Error, depth: number): Record<string, unknown> {
  const code: unknown = Reflect.get(error, "code")
  return {
    type: error.name,
    message: redactText(error.message),
    stack: redactText(error.stack ?? ""),
    ...(typeof code === "string" || typeof code === "number" ? { code } : {}),
    ...(error.cause === undefined ? {} : { cause: redact(error.cause, depth + 1) }),
  }
}

/** `redact` for the fields of one line. */
export function redactFields(fields: object, depth = 0): Record<string, unknown> {
  const clean: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(fields)) {
    const secret = secretName.test(name.toLowerCase().replace(/[-_]/g, ""))
    clean[name] = secret && value !== undefined && value !== null ? redacted : redact(value, depth + 1)
  }
  return clean
}
