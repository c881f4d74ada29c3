/**
 * The request cookie: it marks the browser that asked for a link, for as long as the link lives. In that browser the link
 * signs in without another click [L3] and the code works [L4]. It also carries the address as typed, to show it on the
 * waiting page: for every address the same names and the same shape [L11].
 */
import { hostCookie } from "~/http/session-cookie.server"
import { hashToken, randomToken } from "~/platform/crypto.server"
import { env } from "~/platform/env.server"

const cookie = hostCookie("gatehouse-request", () => env().linkLifetime.sign_in)

export type LinkRequestMark = {
  /** The whole value of the cookie: a mark is worth something for the one address in it. */
  token: string
  hash: string
  typed: string
  /** A person asked here. A link renewed by its page's script lets in by its code or by a click, never by itself [L2]. */
  asked: boolean
}

/** The mark of the browser that sent this request, if it asked for a link. */
export function readRequestMark(request: Request): LinkRequestMark | undefined {
  const token = cookie.read(request.headers.get("Cookie"))
  const [random, typed, renewed] = token?.split(".") ?? []
  if (!token || !random || typed === undefined) return undefined
  const address = Buffer.from(typed, "base64url").toString("utf8")
  return { token, hash: hashToken(token), typed: address, asked: renewed === undefined }
}

/** A mark for this address: the one the browser has, when it asks again for the same address, so that every mail's code works. */
export function markFor(request: Request, typed: string): LinkRequestMark & { setCookie: string } {
  const present = readRequestMark(request)
  const token = present?.asked && present.typed === typed ? present.token : newToken(typed)
  return { token, hash: hashToken(token), typed, asked: true, setCookie: cookie.serialize(token) }
}

/** A mark for a link that its page asked for. Whoever led the browser to that page must not have it signed in as them. */
export function markForRenewal(typed: string): LinkRequestMark & { setCookie: string } {
  const token = `${newToken(typed)}.renewed`
  return { token, hash: hashToken(token), typed, asked: false, setCookie: cookie.serialize(token) }
}

export const clearRequestMark = () => cookie.clear()

function newToken(typed: string): string {
  return `${randomToken()}.${Buffer.from(typed, "utf8").toString("base64url")}`
}
