import type { RouteConfigEntry } from "@remix-run/route-config"
import { expect, test } from "vitest"
import routeConfig from "~/routes"
import type { Browser } from "./support/browser"
import { setUpWorld, signIn } from "./support/world"

const world = setUpWorld()

type Listed = {
  id: string
  path: string
  private: boolean
  tenant: boolean
  json: boolean
  operator: boolean
}

/** Every address of the sitemap, with Acme's slug where an organisation is named. */
async function sitemap(): Promise<Listed[]> {
  const found: Listed[] = []
  const walk = (items: RouteConfigEntry[], under: string) => {
    for (const item of items) {
      const pattern = [under, item.path && `/${item.path}`].filter(Boolean).join("") || "/"
      if (item.path || item.index) {
        found.push({
          id: item.id ?? item.file.replace(/\.[a-z]+$/, ""),
          path: pattern.replace(":slug", "acme"),
          private: /^\/(o\/|account|admin|start|organizations|onboarding$)/.test(pattern),
          tenant: pattern.startsWith("/o/:slug"),
          json: pattern.startsWith("/api/"),
          operator: pattern.startsWith("/admin"),
        })
      }
      walk(item.children ?? [], item.path ? pattern : under)
    }
  }
  walk(await routeConfig, "")
  return found
}

/** Each route twice: as a page, and as a browser with JavaScript asks for its data alone, past its parents' guards. */
async function bothWays(browser: Browser, route: Listed) {
  const page = await browser.get(route.path)
  const alone = await browser.get(
    `${route.path === "/" ? "/_root" : route.path}.data?_routes=${encodeURIComponent(route.id)}`,
  )
  return { page, alone }
}

test("[O9] a guest is led to sign-in from every private page, and gets no data from any", async () => {
  const w = await world()
  const guest = w.browser()
  for (const route of await sitemap()) {
    const { page, alone } = await bothWays(guest, route)
    expect(page.status, route.path).toBeLessThan(500)
    expect(alone.status, `${route.path} alone`).toBeLessThan(500)
    if (!route.private) continue
    expect([302, 303], route.path).toContain(page.status)
    expect(page.location, route.path).toMatch(/^\/(login|$)/)
    for (const { body } of [page, alone]) expect(body, route.path).not.toMatch(/acme\.test|Alice Archer/)
  }
})

test("[O9] a stranger gets 404 from every page of an organisation, and nothing of it", async () => {
  const w = await world()
  const charlie = w.browser()
  await signIn(w, charlie, "charlie@birch.test")
  const tenant = (await sitemap()).filter(route => route.tenant)
  expect(tenant.length).toBeGreaterThan(4)
  for (const route of tenant) {
    const { page, alone } = await bothWays(charlie, route)
    const posted = await charlie.post(route.path, { intent: "x" })
    expect([404, 405], route.path).toContain(page.status)
    expect([404, 405], `POST ${route.path}`).toContain(posted.status)
    for (const { body } of [page, alone, posted])
      expect(body, route.path).not.toMatch(/acme\.test|Alice Archer/)
  }
})

test("[D1] nobody but an operator sees the operator's desk", async () => {
  const w = await world()
  const alice = w.browser()
  await signIn(w, alice, "alice@acme.test")
  const { birch, charlie } = w.cast
  for (const listed of (await sitemap()).filter(r => r.operator)) {
    const path = listed.path.replace(":organizationId", birch.id).replace(":userId", charlie.id)
    expect(path).not.toContain(":")
    const { page, alone } = await bothWays(alice, { ...listed, path })
    const posted = await alice.post(path, { intent: "test-mail" })
    expect(page.location, path).toBe("/")
    // A page that takes no form refuses one without looking at who sent it.
    if (posted.status !== 405) expect(posted.location, path).toBe("/")
    for (const { body } of [page, alone, posted])
      expect(body, path).not.toMatch(/"mail"|"alerts"|"events"|birch\.test|Charlie Chen/)
  }
})

test("[A1] every address of the API answers a guest in JSON of one shape, never in HTML", async () => {
  const w = await world()
  for (const route of (await sitemap()).filter(r => r.json)) {
    const answer = await w.browser().get(route.path, { Accept: "*/*" })
    expect(answer.headers.get("Content-Type"), route.path).toMatch(/application\/json/)
    expect(answer.headers.get("Cache-Control"), route.path).toContain("no-store")
    if (answer.status >= 400) expect(JSON.parse(answer.body).error.code, route.path).toMatch(/^[a-z_]+$/)
  }
})

test("[A1] no address of the API, or no method of it, is refused in the same shape", async () => {
  const w = await world()
  const guest = w.browser()
  const codeOf = ({ status, body }: { status: number; body: string }) => [status, JSON.parse(body).error.code]
  expect(codeOf(await guest.get("/api/nope"))).toEqual([404, "not_found"])
  expect(codeOf(await guest.get("/api"))).toEqual([404, "not_found"])
  expect(codeOf(await guest.json("/api/nope/deeper", {}, "POST"))).toEqual([404, "not_found"])
  for (const path of ["/api/auth/profile", "/api/billing/status"])
    expect(codeOf(await guest.json(path, {}, "DELETE")), path).toEqual([405, "method_not_allowed"])
  expect(codeOf(await guest.get("/api/billing/portal"))).toEqual([405, "method_not_allowed"])
})

test("[O1] public pages and failures lead who is signed in on, and out, not to sign-in", async () => {
  const w = await world()
  const alice = w.browser()
  await signIn(w, alice, "alice@acme.test")
  const guest = w.browser()
  for (const path of ["/", "/pricing", "/onboarding?org=birch", "/no-such-page", "/o/birch"]) {
    const { body } = await alice.get(path)
    expect(body, path).toContain('href="/start"')
    expect(body, path).toContain('action="/logout"')
    expect(body, path).not.toContain(">Sign in<")
    expect((await guest.get(path)).body, path).not.toContain('action="/logout"')
  }
})
