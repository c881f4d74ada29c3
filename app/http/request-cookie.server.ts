/**
 * The request cookie: it marks the browser that asked for a link, for as long as the link lives. In that browser the link
 * signs in without another click [L3] and the code works [L4]. It also carries the address as typed, to show it on the
 * waiting page: for every address the same names and the same shape [L11].
 */
import { hostCookie } from "~/http/session-cookie.server"
import { hashToken, randomToken } from "~/platform/crypto.server"
import { env } from "~/platform/env.server"

const cookie = hostCookie("gatehouse-request", () => env().linkLifetime.sign_in)

export type LinkRequestMark = { token: string; hash: string; typed: string }

/** The mark of the browser that sent this request, if it asked for a link. */
export function readRequestMark(request: Request): LinkRequestMark | undefined {
  const [token, typed] = cookie.read(request.headers.get("Cookie"))?.split(".") ?? []
  if (!token || typed === undefined) return undefined
  return { token, hash: hashToken(token), typed: Buffer.from(typed, "base64url").toString("utf8") }
}

/** A mark for this address: the one the browser has, when it asks again for the same address, so that every mail's code works. */
export function markFor(request: Request, typed: string): LinkRequestMark & { setCookie: string } {
  const present = readRequestMark(request)
  const token = present?.typed === typed ? present.token : randomToken()
  const value = `${token}.${Buffer.from(typed, "utf8").toString("base64url")}`
  return { token, hash: hashToken(token), typed, setCookie: cookie.serialize(value) }
}

export const clearRequestMark = () => cookie.clear()
