import type { Browser, Visit } from "./browser"
import type { World } from "./world"

/** A browser's pages at a provider: cookies of its own, forms posted as they stand. */
class Elsewhere {
  readonly #cookies = new Map<string, string>()

  async go(url: string, body?: URLSearchParams): Promise<{ location: string | null; text: string }> {
    const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join("; ")
    const response = await fetch(url, {
      method: body ? "POST" : "GET",
      body,
      redirect: "manual",
      headers: { Accept: "text/html", ...(cookie && { Cookie: cookie }) },
    })
    for (const line of response.headers.getSetCookie()) {
      const [pair = ""] = line.split(";")
      const at = pair.indexOf("=")
      this.#cookies.set(pair.slice(0, at), pair.slice(at + 1))
    }
    const location = response.headers.get("Location")
    return { location: location && new URL(location, url).href, text: await response.text() }
  }
}

/**
 * What someone does at a provider, from the address they were sent to until they are sent back: they say who they are, or go back
 * when no `sub` is given. Answers the address they come back to. `tenant` is where they belong, where that is asked.
 */
export async function atProvider(
  address: string,
  who: { sub?: string; tenant?: string },
  appUrl: string,
): Promise<string> {
  const elsewhere = new Elsewhere()
  let at = address
  for (let hops = 0; hops < 10; hops++) {
    if (at.startsWith(`${appUrl}/`)) return at
    const { location, text } = await elsewhere.go(at)
    if (location) at = location
    else if (text.includes("<nav>")) at = new URL(linkOf(text, who.tenant ?? ""), at).href
    else if (text.includes("<form")) {
      const answer = await elsewhere.go(at, new URLSearchParams({ account: who.sub ?? "" }))
      at = answer.location ?? at
    } else throw new Error(`The provider says at ${at}: ${text.slice(0, 400)}`)
  }
  throw new Error(`Led in circles, last to ${at}`)
}

/** From our button to the provider and back; what our app answers there. */
export async function through(
  world: World,
  browser: Browser,
  provider: string,
  who: { sub?: string; tenant?: string },
  redirectTo?: string,
): Promise<Visit> {
  const query = redirectTo ? `?redirectTo=${encodeURIComponent(redirectTo)}` : ""
  const away = await browser.get(`/api/auth/${provider}${query}`)
  if (!away.location?.startsWith("http")) return away
  return browser.get(browser.inside(await atProvider(away.location, who, world.url)))
}

function linkOf(page: string, label: string): string {
  const found = new RegExp(`<a href="([^"]*)">${label}</a>`).exec(page)?.[1]
  if (!found) throw new Error(`There is no way to ${label} on the page.`)
  return found.replaceAll(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code)))
}
