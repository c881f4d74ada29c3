import { apiPaths } from "~/lib/api-paths"

/** What a request asks for, as the rules of the front need it. */
export type Asked = {
  /** The path as sent, without the query. */
  path: string
  isApi: boolean
  isWebhook: boolean
  /** The organisation whose logo is asked for or sent, if any. */
  logoOf: string | undefined
  /** `?_data=` calls one loader past Remix's own checks; nothing of ours sends it. */
  hasDataParameter: boolean
}

const apiPath = /^\/api(\/|$)/i

/** Literal, as an exception has to be; with JavaScript the browser adds `.data`. */
const logoPath = /^\/o\/([a-z0-9-]+)\/logo(?:\.data)?$/

/** The router would walk them, and what it reached would not be what was checked here (RFC 3986 5.2.4). */
const dotSegment = /(^|\/)\.{1,2}(\/|$)/

/** Reads the request target. Returns undefined when it is no path of ours or does not decode. */
export function readTarget(url: string): Asked | undefined {
  if (!url.startsWith("/") || url.startsWith("//") || url.includes("\\")) return undefined
  const mark = url.indexOf("?")
  const path = mark < 0 ? url : url.slice(0, mark)
  const decoded = decode(path)
  if (decoded === undefined || decoded.includes("\0") || dotSegment.test(decoded)) return undefined
  return {
    path,
    // Routes match any case and any encoding, so the stricter rules must too; the exception for webhooks is literal.
    isApi: apiPath.test(decoded),
    isWebhook: path === apiPaths.stripeWebhook(),
    logoOf: logoPath.exec(path)?.[1],
    hasDataParameter: mark >= 0 && new URLSearchParams(url.slice(mark)).has("_data"),
  }
}

/** Whether this request calls the API. */
export function isApiCall(request: Request): boolean {
  return readTarget(new URL(request.url).pathname)?.isApi ?? false
}

/** The same of a request target as sent, which may be malformed. */
export function isUnderApi(url: string): boolean {
  return readTarget(url)?.isApi ?? apiPath.test(url.replace(/\?.*/, ""))
}

function decode(path: string): string | undefined {
  if (!path.includes("%")) return path
  try {
    return decodeURIComponent(path)
  } catch {
    return undefined
  }
}
