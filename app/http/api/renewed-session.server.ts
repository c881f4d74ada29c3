import type { AppLoadContext } from "@remix-run/node"
import { z } from "zod"
import { findSession, findSessionById, type SignedIn } from "~/domain/accounts/sessions.server"
import { organizationFor } from "~/domain/sign-in/access-tokens.server"
import { bearer } from "~/http/api/bearer.server"
import { newAccessToken } from "~/http/api/tokens.server"
import { sessionTokenOf } from "~/http/guards.server"
import { sessionCookie } from "~/http/session-cookie.server"

/** What answers say besides, when the act has given the session a new id: every access token from before is dead. */
export const Renewed = z.object({
  accessToken: z.string().optional().meta({
    description: "When the call came with one: the next. Those from before count no more.",
  }),
  expiresIn: z
    .int()
    .optional()
    .meta({ description: "Seconds. It ends when the one it replaces would have." }),
})

/** For the `details` of such an endpoint. */
export const renewalDetails =
  "The session’s access tokens end: go on with the `accessToken` of the answer or, if that was lost, refresh."

type Caller = { request: Request; context: AppLoadContext; signedIn: SignedIn }

/**
 * Before an act that gives the caller's session a new id [S2]: whom to tell it. A browser that knows the session by its cookie gets
 * the new one. A program never hears of an id; if it called by a token, it gets another, for the one it showed is dead.
 */
export function renewalTeller({
  request,
  context,
  signedIn,
}: Caller): (sessionToken: string) => Promise<z.input<typeof Renewed>> {
  const held = sessionTokenOf(request)
  const byCookie = held !== undefined && findSession(held)?.sessionId === signedIn.sessionId
  const caller = bearer()
  return async sessionToken => {
    if (byCookie) context.cookies.push(sessionCookie.serialize(sessionToken))
    const renewed = caller?.kind === "session" ? findSessionById(signedIn.sessionId) : undefined
    if (caller?.kind !== "session" || !renewed) return {}
    return newAccessToken(renewed, await organizationFor(renewed, caller.organizationId), caller.expiresAt)
  }
}
