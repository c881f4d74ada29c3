import { type AppLoadContext, redirect } from "@remix-run/node"
import type { Entry } from "~/domain/sign-in/complete-sign-in.server"
import type { SignInAttempt } from "~/domain/sign-in/email-link.server"
import { clearChallenge, writeChallenge } from "~/http/challenge-cookie.server"
import { failure, type WayOn } from "~/http/failures.server"
import { sessionTokenOf } from "~/http/guards.server"
import { insideOnly } from "~/http/redirects.server"
import { clearRequestMark, readRequestMark } from "~/http/request-cookie.server"
import { requesterOf } from "~/http/requester.server"
import { sessionCookie } from "~/http/session-cookie.server"
import { paths } from "~/lib/paths"

/** What a sign-in needs to know of the browser that tries it. */
export function attemptOf(request: Request, context: AppLoadContext): SignInAttempt {
  return {
    requester: requesterOf(request, context),
    requestToken: readRequestMark(request)?.token,
    previousSessionToken: sessionTokenOf(request),
  }
}

/**
 * The answer to every way in that worked: the new session, and on to where the person was going; or the page that asks for the
 * second factor, which remembers where that was.
 */
export function signedInResponse(entry: Entry, destination = paths.start()): Response {
  const headers = new Headers()
  headers.append("Set-Cookie", clearRequestMark())
  if (entry.kind === "challenge") {
    headers.append("Set-Cookie", writeChallenge(entry.token, destination))
    return redirect(paths.signIn.secondFactor(), { status: 303, headers })
  }
  headers.append("Set-Cookie", sessionCookie.serialize(entry.token))
  headers.append("Set-Cookie", clearChallenge())
  return redirect(destination, { status: 303, headers })
}

/** Through the start page, which shows a pending invitation first and otherwise goes on. */
export function onward(redirectTo: string | null | undefined): string {
  return paths.start(insideOnly(redirectTo))
}

/** The page that says when to come back, when a limit is spent. */
export function tooMany({ retryAfterSeconds }: { retryAfterSeconds: number }, wayOn?: WayOn) {
  return failure("too_many_requests", { retryAfterSeconds, wayOn })
}
