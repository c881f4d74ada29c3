import type { IncomingMessage } from "node:http"
import { findSession } from "~/domain/accounts/sessions.server"
import { bearerText, readBearer } from "~/http/api/bearer.server"
import { profileOf } from "~/http/api/profile.server"
import type { FastAnswer, FastHandler } from "~/http/fast-paths.server"
import { sessionCookie } from "~/http/session-cookie.server"
import { andThen, type Soon } from "~/lib/soon"

/** `GET /api/auth/profile`: who calls, by token, key or session cookie, from the database each time, in front of Remix. */
export const sessionCheck: FastHandler = req => {
  const { authorization } = req.headers
  const text = authorization === undefined ? undefined : bearerText(authorization)
  return text === undefined ? byCookie(req) : byBearer(text)
}

function byCookie(req: IncomingMessage): FastAnswer {
  const token = sessionCookie.read(req.headers.cookie)
  const signedIn = token ? findSession(token) : undefined
  return signedIn ? done({ signedIn }, null) : { failure: "signed_out" }
}

function byBearer(text: string): Soon<FastAnswer> {
  return andThen(readBearer(text), who => {
    if (!who) return { failure: "invalid_token" }
    if (who.kind === "key" && who.key.archived) return { failure: "archived" }
    if (who.kind === "key") return done({ key: who.key }, null)
    return done({ signedIn: who.signedIn }, who.organizationId)
  })
}

function done(...who: Parameters<typeof profileOf>): FastAnswer {
  return { status: 200, json: JSON.stringify(profileOf(...who)) }
}
