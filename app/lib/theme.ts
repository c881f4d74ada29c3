/** How a browser wishes to see the pages; `system` follows its own setting. */
export const themes = ["system", "light", "dark"] as const
export type Theme = (typeof themes)[number]

const cookieName = "theme"
const oneYearInSeconds = 365 * 24 * 60 * 60

/** Reads any value as a theme; what is not one counts as `system`. */
export function parseTheme(value: unknown): Theme {
  return themes.find(theme => theme === value) ?? "system"
}

/** The theme a request's Cookie header asks for. */
export function themeFromCookies(header: string | null): Theme {
  const pairs = (header ?? "").split(";").map(pair => pair.trim().split("="))
  return parseTheme(pairs.find(([name]) => name === cookieName)?.[1])
}

/** The Set-Cookie value that remembers a theme for a year, or forgets it for `system`. */
export function themeCookie(theme: Theme, { secure }: { secure: boolean }): string {
  const age = theme === "system" ? 0 : oneYearInSeconds
  return `${cookieName}=${theme}; Path=/; Max-Age=${age}; SameSite=Lax; HttpOnly${secure ? "; Secure" : ""}`
}
