/**
 * The mark of whoever asked for a link, for as long as the link lives: a browser keeps it in a cookie, a program as the `request`
 * it was answered. Beside it the code of the mail works [L4], and what was chosen while registering counts. It carries the
 * address as typed: for every address the same shape [L11], and worth something for that one only.
 */
import { hashToken, randomToken } from "~/platform/crypto.server"

export type RequestMark = {
  /** The whole value, as it is kept where the link was asked for. */
  token: string
  hash: string
  typed: string
  /** A person asked here. A link renewed by its page's script lets in by its code or by a click, never by itself [L2]. */
  asked: boolean
}

/** What a value says that somebody kept, if it has the shape of a mark. */
export function readMark(token: string | undefined): RequestMark | undefined {
  const [random, typed, renewed] = token?.split(".") ?? []
  if (!token || !random || typed === undefined) return undefined
  const address = Buffer.from(typed, "base64url").toString("utf8")
  return { token, hash: hashToken(token), typed: address, asked: renewed === undefined }
}

/** A mark for this address: the one there is, when the same place asks again for the same address, so that every mail's code works. */
export function markFor(typed: string, present: RequestMark | undefined): RequestMark {
  if (present?.asked && present.typed === typed) return present
  const token = newToken(typed)
  return { token, hash: hashToken(token), typed, asked: true }
}

/** A mark for a link that stands in for an expired one: whoever holds that one need not be who asked for it. */
export function markForRenewal(typed: string): RequestMark {
  const token = `${newToken(typed)}.renewed`
  return { token, hash: hashToken(token), typed, asked: false }
}

function newToken(typed: string): string {
  return `${randomToken()}.${Buffer.from(typed, "utf8").toString("base64url")}`
}
