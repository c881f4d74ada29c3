import type { AppLoadContext } from "@remix-run/node"
import { findSession, type SignedIn } from "~/domain/accounts/sessions.server"
import { sessionTokenOf } from "~/http/guards.server"
import { sessionCookie } from "~/http/session-cookie.server"

type Caller = { request: Request; context: AppLoadContext; signedIn: SignedIn }

/**
 * Before an act that gives the caller's session a new id [S2]: whom to tell it. A browser that knows the session by its cookie gets
 * the new one; a program's token names the session itself, goes on as it is, and never hears of an id.
 */
export function renewalTeller({ request, context, signedIn }: Caller): (sessionToken: string) => void {
  const held = sessionTokenOf(request)
  const byCookie = held !== undefined && findSession(held)?.sessionId === signedIn.sessionId
  return sessionToken => {
    if (byCookie) context.cookies.push(sessionCookie.serialize(sessionToken))
  }
}
