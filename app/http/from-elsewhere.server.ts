import { env } from "~/platform/env.server"

/**
 * Whether another site sent the browser here: by `Sec-Fetch-Site`, or by the Referer of a browser too old for it. What was typed,
 * bookmarked or opened from a mail program comes from nowhere.
 */
export function isFromElsewhere(request: Request): boolean {
  const site = request.headers.get("Sec-Fetch-Site")
  if (site) return site !== "same-origin" && site !== "none"
  const referer = request.headers.get("Referer")
  return referer !== null && (!URL.canParse(referer) || new URL(referer).origin !== env().appUrl)
}
