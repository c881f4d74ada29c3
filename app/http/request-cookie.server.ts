/**
 * The request cookie: the mark of the browser that asked for a link. In that browser the link signs in without another click
 * [L3] and the code works [L4]; the waiting page shows the address in it.
 */
import { markFor, markForRenewal, type RequestMark, readMark } from "~/http/request-mark.server"
import { hostCookie } from "~/http/session-cookie.server"
import { env } from "~/platform/env.server"

const cookie = hostCookie("gatehouse-request", () => env().linkLifetime.sign_in)

type MarkToKeep = RequestMark & { setCookie: string }

/** The mark of the browser that sent this request, if it asked for a link. */
export function readRequestMark(request: Request): RequestMark | undefined {
  return readMark(cookie.read(request.headers.get("Cookie")))
}

/** A mark of this browser for this address. */
export function requestMarkFor(request: Request, typed: string): MarkToKeep {
  return keep(markFor(typed, readRequestMark(request)))
}

/** A mark for a link that its page asked for. Whoever led the browser to that page must not have it signed in as them. */
export function requestMarkForRenewal(typed: string): MarkToKeep {
  return keep(markForRenewal(typed))
}

export const clearRequestMark = () => cookie.clear()

function keep(mark: RequestMark): MarkToKeep {
  return { ...mark, setCookie: cookie.serialize(mark.token) }
}
