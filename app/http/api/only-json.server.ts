import { type FailureCode, failureJson } from "~/http/failures.server"

const codes: Record<number, FailureCode> = { 400: "malformed", 404: "not_found", 405: "method_not_allowed" }

/**
 * What Remix says by itself of an address under /api, such as a method that its route does not know, in the shape of every failure
 * there. What our routes say passes as it is.
 */
export function onlyJson(answer: Response): Response {
  const { status, headers } = answer
  const isJson = headers.get("Content-Type")?.startsWith("application/json") ?? false
  if (status < 400 || (isJson && !headers.has("X-Remix-Error"))) return answer
  // A route that Remix refuses a method for has a loader only.
  return failureJson(codes[status] ?? "failed", status === 405 ? { headers: { Allow: "GET, HEAD" } } : {})
}
