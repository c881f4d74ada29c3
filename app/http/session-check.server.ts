import { findSession } from "~/domain/accounts/sessions.server"
import { failures } from "~/http/failures.server"
import type { FastAnswer, FastHandler } from "~/http/fast-paths.server"
import { sessionCookie } from "~/http/session-cookie.server"

const [signedOutStatus, signedOutWords] = failures.signed_out

const signedOut: FastAnswer = {
  status: signedOutStatus,
  json: JSON.stringify({ error: { code: "signed_out", message: signedOutWords } }),
}

/** `GET /api/auth/profile`: who this browser is signed in as, from the database each time, in front of Remix. */
export const sessionCheck: FastHandler = req => {
  const token = sessionCookie.read(req.headers.cookie)
  const signedIn = token ? findSession(token) : undefined
  if (!signedIn) return signedOut
  const { userId: id, email, name, isOperator } = signedIn
  return { status: 200, json: JSON.stringify({ user: { id, email, name, isOperator } }) }
}
