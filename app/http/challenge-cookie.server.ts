import { challengeLifetime } from "~/domain/accounts/sign-in-challenges.server"
import { insideOnly } from "~/http/redirects.server"
import { hostCookie } from "~/http/session-cookie.server"

/** Marks the browser that has shown its first factor, and remembers where the person was going. */
const cookie = hostCookie("gatehouse-challenge", () => challengeLifetime)

/** The waiting sign-in of the browser that sent this request. */
export function readChallengeMark(request: Request): { token: string; destination?: string } | undefined {
  const [token, destination = ""] = cookie.read(request.headers.get("Cookie"))?.split(".") ?? []
  if (!token) return undefined
  return { token, destination: insideOnly(Buffer.from(destination, "base64url").toString("utf8")) }
}

export const writeChallenge = (token: string, destination: string) =>
  cookie.serialize(`${token}.${Buffer.from(destination, "utf8").toString("base64url")}`)

export const clearChallenge = () => cookie.clear()
