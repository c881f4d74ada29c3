/**
 * The session cookie [S1]: `__Host-` ties it to this host, path / and https. Plain http is for localhost only, where browsers
 * refuse that prefix.
 */
import { parseCookie, parseSetCookie, stringifySetCookie } from "cookie"
import { env } from "~/platform/env.server"

type Limits = { path?: string; sameSite?: "lax" | "strict" }

/** A cookie of this app, named and protected by where it runs. Browsers want `__Host-` to count for every path. */
export function hostCookie(
  name: string,
  lifetime: () => number,
  { path = "/", sameSite = "lax" }: Limits = {},
) {
  const prefix = path === "/" ? "__Host-" : "__Secure-"
  const fullName = () => (secure() ? `${prefix}${name}` : name)
  const write = (value: string, maxAge: number) =>
    stringifySetCookie({
      name: fullName(),
      value,
      maxAge,
      path,
      httpOnly: true,
      secure: secure(),
      sameSite,
    })
  return {
    /** As browsers are sent it: with its prefix under https. */
    name: fullName,
    /** The value a request carries, or undefined: also when it carries two, of which one may come from a sibling's host. */
    read: (header: string | null | undefined): string | undefined => {
      const name = fullName()
      const value = parseCookie(header ?? "")[name]
      return value && header && standsOnce(header, name) ? value : undefined
    },
    /** The value that the first of these Set-Cookie headers gives it, if one does. */
    rewritten: (headers: string[]): string | undefined =>
      headers.map(header => parseSetCookie(header)).find(({ name }) => name === fullName())?.value ||
      undefined,
    serialize: (value: string) => write(value, Math.floor(lifetime() / 1000)),
    clear: () => write("", 0),
  }
}

export const sessionCookie = hostCookie("gatehouse", () => env().session.absolute)

function standsOnce(header: string, name: string): boolean {
  // Nearly always so, and seen without taking the header apart.
  if (header.indexOf(name) === header.lastIndexOf(name)) return true
  return header.split(";").filter(pair => name in parseCookie(pair)).length === 1
}

function secure(): boolean {
  return env().appUrl.startsWith("https:")
}
