import { parseSetCookie } from "cookie"

export type Visit = {
  status: number
  headers: Headers
  body: string
  /** Where a redirect leads. */
  location: string | null
  setCookies: string[]
}

/**
 * A browser without JavaScript: it keeps cookies, sends the headers browsers send, and posts forms as they stand on the page.
 * It does not follow redirects unless told to.
 */
export class Browser {
  readonly cookies = new Map<string, string>()

  constructor(
    readonly base: string,
    readonly userAgent = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
  ) {}

  get(path: string, headers: Record<string, string> = {}, method = "GET"): Promise<Visit> {
    return this.#send(path, { method, headers })
  }

  /** Opens a path and follows redirects to a page. */
  async open(path: string): Promise<Visit & { path: string }> {
    let at = path
    for (let hops = 0; hops < 8; hops++) {
      const visit = await this.get(at)
      if (!visit.location) return { ...visit, path: at }
      at = this.inside(visit.location)
    }
    throw new Error(`Redirected in circles, last to ${at}`)
  }

  post(
    path: string,
    fields: Record<string, string> = {},
    headers: Record<string, string> = {},
    method = "POST",
  ): Promise<Visit> {
    return this.#send(path, {
      method,
      body: new URLSearchParams(fields).toString(),
      headers: {
        "Content-Type": "application/x-www-form-urlencoded",
        Origin: this.base,
        "Sec-Fetch-Site": "same-origin",
        ...headers,
      },
    })
  }

  json(path: string, body: unknown, method = "POST"): Promise<Visit> {
    return this.#send(path, {
      method,
      body: JSON.stringify(body),
      headers: { "Content-Type": "application/json", Origin: this.base, "Sec-Fetch-Site": "same-origin" },
    })
  }

  /** Path and query of an address of this app. Throws for a foreign one. */
  inside(address: string): string {
    const url = new URL(address, this.base)
    if (url.origin !== this.base) throw new Error(`${address} leads away from ${this.base}`)
    return url.pathname + url.search
  }

  async #send(
    path: string,
    init: { method: string; body?: string; headers: Record<string, string> },
  ): Promise<Visit> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join("; ")
    const response = await fetch(this.base + this.inside(path), {
      ...init,
      redirect: "manual",
      headers: {
        Accept: "text/html",
        "User-Agent": this.userAgent,
        ...(cookie && { Cookie: cookie }),
        ...init.headers,
      },
    })
    const setCookies = response.headers.getSetCookie()
    for (const line of setCookies) this.#keep(line)
    return {
      status: response.status,
      headers: response.headers,
      body: await response.text(),
      location: response.headers.get("Location"),
      setCookies,
    }
  }

  #keep(line: string) {
    const { name, value, maxAge } = parseSetCookie(line)
    if (maxAge === 0 || !value) this.cookies.delete(name)
    else this.cookies.set(name, value)
  }
}

/** The value of a hidden field on a page. */
export function hiddenField(page: string, name: string): string {
  const field = new RegExp(`<input[^>]*name="${name}"[^>]*>`).exec(page)?.[0] ?? ""
  return decoded(/value="([^"]*)"/.exec(field)?.[1] ?? "")
}

function decoded(text: string): string {
  return text
    .replaceAll("&quot;", '"')
    .replaceAll("&#x27;", "'")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&amp;", "&")
}
