import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import type { RouteConfigEntry } from "@remix-run/route-config"
import { expect, test, vi } from "vitest"
import { apiPaths } from "~/lib/api-paths"
import { cursorOf } from "~/lib/cursor"
import { db } from "~/platform/db.server"
import routeConfig from "~/routes"
import type { Browser, Visit } from "./support/browser"
import { enter, fillTheRest, type Planted, plant, rowsOf, rowsPerTable, secretsOf } from "./support/tenancy"
import { setUpWorld, signIn, type World } from "./support/world"

/* Every address there is: minutes on a machine that does something else meanwhile. */
vi.setConfig({ testTimeout: 120_000 })

const world = setUpWorld()

type Listed = {
  id: string
  /** As app/routes.ts has it: `/o/:slug/members/:membershipId`. */
  pattern: string
  /** With Acme's slug where an organisation is named. */
  path: string
  private: boolean
  tenant: boolean
  json: boolean
  operator: boolean
}

/** Every address of the sitemap. */
async function sitemap(): Promise<Listed[]> {
  const found: Listed[] = []
  const walk = (items: RouteConfigEntry[], under: string) => {
    for (const item of items) {
      const pattern = [under, item.path && `/${item.path}`].filter(Boolean).join("") || "/"
      if (item.path || item.index) {
        found.push({
          id: item.id ?? item.file.replace(/\.[a-z]+$/, ""),
          pattern,
          path: pattern.replace(":slug", "acme"),
          // What a mailed link opens is for whoever has the mail, signed in or not.
          private: /^\/(o\/|account(?!\/email\/)|admin|start|organizations|onboarding$)/.test(pattern),
          tenant: /^\/(o|api\/organizations)\/:slug/.test(pattern),
          json: pattern.startsWith("/api/") && pattern !== "/api/docs",
          operator: pattern.startsWith("/admin"),
        })
      }
      walk(item.children ?? [], item.path ? pattern : under)
    }
  }
  walk(await routeConfig, "")
  return found
}

/** An example of every parameter but the slug. A new one without an example fails the proof below. */
const examples: Record<string, (of: Planted) => string> = {
  ":membershipId": of => of.membershipId,
  ":invitationId": of => of.invitationId,
  ":invoiceId": of => of.invoiceId,
  ":organizationId": of => of.organization.id,
  ":userId": of => of.owner.id,
  ":keyId": of => of.keyId,
  ":passkeyId": of => of.passkeyId,
  ":sessionId": of => of.sessionId,
  ":provider": () => "google",
  // No mailed link is within reach of whoever has no mail of it.
  ":token": () => "x".repeat(43),
  "*": () => "deeper",
}

const paramsOf = (pattern: string) => pattern.match(/:\w+\??|\*$/g) ?? []

/** The route's address at Acme, with the ids of this organisation. */
function addressOf(route: Listed, of: Planted): string {
  return paramsOf(route.path).reduce(
    (path, param) => path.replace(param, examples[param]?.(of) ?? param),
    route.path,
  )
}

/** What the pages with parameters post: whole forms, so that only the id can be what is refused. */
const forms: Record<string, Record<string, string>[]> = {
  "routes/organizations/member": [{ intent: "change_role", role: "member" }, { intent: "remove" }],
  "routes/organizations/settings-key": [{}],
  "routes/organizations/invitation": [{ intent: "resend" }, { intent: "revoke" }],
  "routes/admin/organization": [{ intent: "archive", note: "x" }, { intent: "restore" }],
  "routes/admin/organization-billing": [{}],
  "routes/api/passkey": [{ name: "x" }],
  "routes/api/unlink-provider": [{}],
  "routes/api/accept-invitation": [{}],
  "routes/api/device": [{}],
  "routes/account/passkey": [{ intent: "rename", name: "x" }, { intent: "remove" }],
  "routes/api/magic-link-verify": [{}],
  "routes/admin/person": [{ intent: "disable" }, { intent: "enable" }, { intent: "reset_two_factor" }],
}

/** What programs send to the organisation's addresses of the API, by method: whole bodies, for the same reason. */
const bodies: Record<string, Partial<Record<string, unknown>>> = {
  "routes/api/organization": { PATCH: { name: "Taken over" } },
  "routes/api/member": { PATCH: { role: "member" } },
  "routes/api/invitations": { POST: { emails: ["guest@elsewhere.test"], role: "member" } },
  "routes/api/invitation": {},
  "routes/api/resend-invitation": {},
  "routes/api/api-keys": { POST: { name: "CI", scopes: ["audit:read"] } },
  "routes/api/api-key": {},
}

const alone = (route: Listed, path: string) =>
  `${path === "/" ? "/_root" : path}.data?_routes=${encodeURIComponent(route.id)}`

const writing = ["POST", "PUT", "PATCH", "DELETE"]

/** Every way to ask for an address: the page, all its data, its data alone past its parents' guards, and each method that writes. */
async function everyWay(browser: Browser, route: Listed, path: string) {
  const data = path === "/" ? "/_root.data" : `${path}.data`
  const pages: Visit[] = [await browser.get(path)]
  const answers: Visit[] = [await browser.get(data), await browser.get(alone(route, path))]
  for (const method of writing) {
    if (route.json) pages.push(await browser.json(path, bodies[route.id]?.[method] ?? {}, method))
    for (const fields of route.json ? [] : (forms[route.id] ?? [{}])) {
      pages.push(await browser.post(path, fields, {}, method))
      answers.push(await browser.post(data, fields, {}, method))
    }
  }
  return { pages, answers, all: [...pages, ...answers] }
}

/** The page, and as a browser with JavaScript asks for its data alone. */
async function bothWays(browser: Browser, route: Listed) {
  return { page: await browser.get(route.path), alone: await browser.get(alone(route, route.path)) }
}

/** Stripe is not set up here, which some pages say with 503; nothing else may fail. */
function expectNoFault({ status }: Visit, asked: string): void {
  if (status !== 503) expect(status, asked).toBeLessThan(500)
}

/** What of these secrets an answer tells, besides what was asked with. */
function told(visit: Visit, secrets: string[], asked = ""): string[] {
  const said = visit.body + [...visit.headers].join(" ")
  return secrets.filter(secret => !asked.includes(secret) && said.includes(secret))
}

test("[O9] a guest is led to sign-in from every private page, and gets no data from any", async () => {
  const w = await world()
  const acme = await plant(w, w.cast.acme, w.cast.alice)
  const secrets = secretsOf(w, acme.organization.id)
  const guest = w.browser()
  for (const route of (await sitemap()).filter(route => !route.tenant)) {
    const path = addressOf(route, acme)
    const { page, alone } = await bothWays(guest, { ...route, path })
    expect(page.status, path).toBeLessThan(500)
    expect(alone.status, `${path} alone`).toBeLessThan(500)
    for (const visit of [page, alone]) expect(told(visit, secrets, path), path).toEqual([])
    if (!route.private) continue
    expect([302, 303], path).toContain(page.status)
    expect(page.location, path).toMatch(/^\/(login|$)/)
  }
})

/** Asks for everything of Acme in every way, with Acme's own ids. */
async function askForAcme(
  w: World,
  browser: Browser,
  acme: Planted,
  check: (page: Visit, path: string) => void,
) {
  const secrets = secretsOf(w, acme.organization.id)
  const before = rowsOf(w, acme.organization.id)
  const tenant = (await sitemap()).filter(route => route.tenant)
  expect(tenant.length).toBeGreaterThan(20)
  for (const route of tenant) {
    const path = addressOf(route, acme)
    const { pages, all } = await everyWay(browser, route, path)
    for (const page of pages) check(page, path)
    for (const visit of all) {
      expect(visit.status, path).toBeLessThan(500)
      expect(told(visit, secrets, path), path).toEqual([])
    }
  }
  for (const under of ["/o", "/api/organizations"]) {
    const former = await browser.get(`${under}/${acme.former}/members`)
    check(former, `${under}/ a former address`)
    expect(told(former, secrets, acme.former)).toEqual([])
  }
  expect(rowsOf(w, acme.organization.id)).toEqual(before)
}

test("[O9] a guest gets nothing of an organisation by any method, and is led to sign-in", async () => {
  const w = await world()
  const acme = await plant(w, w.cast.acme, w.cast.alice)
  fillTheRest(w, acme)
  await askForAcme(w, w.browser(), acme, ({ status, location }, path) => {
    expect([path.startsWith("/api/") ? 401 : 302, 405], path).toContain(status)
    if (status === 302) expect(location, path).toMatch(/^\/login/)
  })
})

test("[O9] a stranger gets 404 from every address of an organisation, by any method, the operator too", async () => {
  const w = await world()
  const acme = await plant(w, w.cast.acme, w.cast.alice)
  fillTheRest(w, acme)
  for (const stranger of [w.cast.charlie, w.cast.olive]) {
    const browser = await enter(w.browser(), stranger)
    await askForAcme(w, browser, acme, ({ status }, path) => expect([404, 405], path).toContain(status))
  }
})

test("[O9] another organisation's ids give 404 in every address and by any method, whatever one's role", async () => {
  const w = await world()
  const birch = await plant(w, w.cast.birch, w.cast.charlie)
  fillTheRest(w, birch)
  const secrets = secretsOf(w, birch.organization.id)
  const before = rowsOf(w, birch.organization.id)
  const acme = await plant(w, w.cast.acme, w.cast.alice)
  const withIds = (await sitemap()).filter(route => route.tenant && paramsOf(route.path).length > 0)
  expect(withIds.length).toBeGreaterThan(1)
  for (const person of [w.cast.alice, w.cast.amir, w.cast.bob]) {
    const browser = await enter(w.browser(), person)
    for (const route of withIds) {
      // Who may not open their own organisation's is told so before any id is looked at.
      const own = await browser.get(addressOf(route, acme))
      const mayNot = route.json ? person !== w.cast.alice : own.status === 403
      const refusals = mayNot ? [403, 404, 405] : [404, 405]
      if (person === w.cast.alice && !route.json)
        expect([403, 404, 405], route.path).not.toContain(own.status)
      const path = addressOf(route, birch)
      const { pages, all } = await everyWay(browser, route, path)
      for (const page of pages) expect(refusals, `${path} by ${person.name}`).toContain(page.status)
      for (const visit of all) expect(told(visit, secrets, path), path).toEqual([])
    }
  }
  expect(rowsOf(w, birch.organization.id)).toEqual(before)
})

test("[O9] another organisation's ids in a form, a query or a body of the API reach nothing either", async () => {
  const w = await world()
  const birch = await plant(w, w.cast.birch, w.cast.charlie)
  fillTheRest(w, birch)
  const secrets = secretsOf(w, birch.organization.id)
  const before = rowsOf(w, birch.organization.id)
  const { id, slug } = birch.organization
  const queries = [
    `/o/acme/audit?who=${birch.owner.email}`,
    `/o/acme/audit.csv?who=${birch.owner.email}`,
    `/o/acme/audit?after=${cursorOf({ at: new Date(Date.now() + 1e9), id: birch.membershipId })}`,
    `/o/acme/members?search=${birch.canary}`,
    `/o/acme/members?after=${cursorOf({ at: new Date(0), id: birch.membershipId })}`,
    `/o/acme/members?invited-after=${cursorOf({ at: new Date(Date.now() + 1e9), id: birch.invitationId })}`,
    `/o/acme/logo?v=${birch.logoHash}`,
    `/o/${birch.former}/settings`,
    `/onboarding?org=${slug}`,
    `/onboarding?org=${birch.former}`,
    `/pricing?org=${slug}`,
    `/checkout?plan=starter&org=${slug}`,
    `/start?redirectTo=/o/${slug}`,
    `/organizations/join?organization=${slug}`,
    `/api/onboarding/progress?org=${slug}`,
    `/api/organizations?cursor=${cursorOf({ at: new Date(0), id: birch.membershipId })}`,
    `/api/invitations?cursor=${cursorOf({ at: new Date(Date.now() + 1e9), id: birch.invitationId })}`,
    `/api/organizations/${slug}`,
    `/api/organizations/${birch.former}`,
    `/api/organizations/${slug}/members`,
    `/api/organizations/acme/members?q=${birch.canary}`,
    `/api/organizations/acme/members?cursor=${cursorOf({ at: new Date(0), id: birch.membershipId })}`,
    `/api/organizations/acme/invitations?cursor=${cursorOf({ at: new Date(Date.now() + 1e9), id: birch.invitationId })}`,
    `/api/organizations/acme/audit?cursor=${cursorOf({ at: new Date(Date.now() + 1e9), id: birch.membershipId })}`,
    `/api/organizations/acme/audit?who=${birch.owner.email}`,
  ]
  const posts: [string, Record<string, string>][] = [
    ["/o/acme/billing/portal", { subscription: birch.subscriptionId }],
    ["/o/acme/transfer", { intent: "offer", address: `second@${birch.canary}.test` }],
    ["/o/acme/transfer", { intent: "take_back", offeredAt: String(birch.transferAt) }],
    ["/o/acme/transfer/answer", { intent: "accept", offeredAt: String(birch.transferAt) }],
    ["/o/acme/settings/domains", { intent: "remove", domain: birch.domain }],
    ["/o/acme/settings/address", { slug: birch.former }],
    ["/o/acme/closure", { intent: "close", name: birch.organization.name }],
    ["/start", { invitationId: birch.invitationId }],
    ["/invitation/ask-again", { invitationId: birch.invitationId }],
    ["/organizations/join", { organization: slug }],
    [`/onboarding?org=${slug}`, { org: slug, step: "workspace", name: "Taken over" }],
    ["/onboarding?org=acme", { org: slug, step: "profile", name: "Own name" }],
    ["/onboarding/skip", { intent: "later", org: slug }],
    ["/onboarding/skip", { intent: "skip", org: slug, step: "workspace" }],
    ["/checkout", { plan: "starter", interval: "month", organization: slug }],
    ["/account/devices", { session: birch.sessionId }],
  ]
  const calls: [string, string, Record<string, unknown>][] = [
    ["PATCH", "/api/onboarding/progress", { org: slug, step: "workspace", state: "done" }],
    ["POST", "/api/auth/switch-org", { organization: slug }],
    ["POST", "/api/auth/switch-org", { organization: birch.former }],
    ["PATCH", "/api/onboarding/progress", { org: slug, postponed: true }],
    ["PATCH", "/api/onboarding/progress", { org: birch.former, postponed: true }],
    ["PATCH", `/api/organizations/${slug}`, { name: "Taken over" }],
    ["PATCH", `/api/organizations/acme/members/${birch.membershipId}`, { role: "admin" }],
    ["DELETE", `/api/organizations/acme/members/${birch.membershipId}`, {}],
    ["POST", `/api/organizations/${slug}/invitations`, { emails: ["guest@elsewhere.test"], role: "member" }],
    ["POST", `/api/organizations/acme/invitations/${birch.invitationId}/resend`, {}],
    ["DELETE", `/api/organizations/acme/invitations/${birch.invitationId}`, {}],
    ["POST", `/api/invitations/${birch.invitationId}/accept`, {}],
    ["POST", `/api/organizations/${slug}/leave`, {}],
    ["DELETE", `/api/auth/devices/${birch.sessionId}`, {}],
    ["DELETE", `/api/organizations/acme/keys/${birch.keyId}`, {}],
    ["DELETE", `/api/organizations/${slug}/keys/${birch.keyId}`, {}],
    ["POST", `/api/organizations/${slug}/keys`, { name: "CI", scopes: ["audit:read"] }],
    ["POST", "/api/billing/portal", { organization: slug }],
    ["POST", "/api/billing/portal", { organization: id }],
    [
      "POST",
      "/api/billing/create-checkout-session",
      { plan: "starter", interval: "month", organization: slug },
    ],
  ]
  for (const person of [w.cast.bob, w.cast.amir, w.cast.alice]) {
    const browser = await enter(w.browser(), person)
    const check = (visit: Visit, asked: string) => {
      expectNoFault(visit, asked)
      expect(told(visit, secrets, asked), asked).toEqual([])
    }
    for (const path of queries) {
      check(await browser.get(path), path)
      const [at = "", query] = path.split("?")
      check(await browser.get(`${at}.data?${query}`), path)
    }
    for (const [path, fields] of posts) {
      const asked = path + JSON.stringify(fields)
      check(await browser.post(path, fields), asked)
      const [at = "", query] = path.split("?")
      check(await browser.post(`${at}.data${query ? `?${query}` : ""}`, fields), asked)
    }
    for (const [method, path, body] of calls)
      check(await browser.json(path, body, method), path + JSON.stringify(body))
  }
  expect(rowsOf(w, id)).toEqual(before)
  const live = await db().session.findUniqueOrThrow({ where: { id: birch.sessionId } })
  expect(live.endedAt).toBeNull()
})

test("[O9] no page, and no data of a page, shows an organisation's people a word of another", async () => {
  const w = await world()
  const birch = await plant(w, w.cast.birch, w.cast.charlie)
  fillTheRest(w, birch)
  const acme = await plant(w, w.cast.acme, w.cast.alice)
  const secrets = secretsOf(w, birch.organization.id)
  expect(secrets.length).toBeGreaterThan(30)
  let seen = 0
  for (const person of [w.cast.alice, w.cast.amir, w.cast.bob]) {
    const browser = await enter(w.browser(), person)
    for (const route of await sitemap()) {
      const path = addressOf(route, acme)
      for (const visit of [await browser.get(path), await browser.get(alone(route, path))]) {
        expectNoFault(visit, path)
        expect(told(visit, secrets, path), `${path} as ${person.name}`).toEqual([])
        if (visit.body.includes(acme.canary)) seen += 1
      }
    }
  }
  // The same words of their own organisation are found: the search does not look past them.
  expect(seen).toBeGreaterThan(20)
})

test("[O9] the proof covers every parameter, form, field and table there is", async () => {
  const w = await world()
  const routes = await sitemap()
  const params = new Set(routes.flatMap(route => paramsOf(route.path)))
  expect([...params].filter(param => !(param in examples))).toEqual([])

  const acts = (id: string) =>
    ["ts", "tsx"].some(end => /export async function action|export const action/.test(source(`${id}.${end}`)))
  const withForm = routes.filter(({ id, path }) => paramsOf(path).some(param => param !== "*") && acts(id))
  expect(withForm.map(route => route.id).filter(id => !(id in forms || id in bodies))).toEqual([])

  const hidden = new Set(["components", "routes"].flatMap(folder => hiddenFields(join("app", folder))))
  expect([...hidden].filter(name => !(name in fields))).toEqual([])

  const birch = await plant(w, w.cast.birch, w.cast.charlie)
  fillTheRest(w, birch)
  const empty = [...rowsPerTable(w, birch.organization.id)].filter(([, rows]) => rows === 0)
  expect(empty).toEqual([])
})

/** Every hidden field of a form: whose id it carries and is posted above, or that it carries none. */
const fields: Record<string, "posted above" | "no organisation's"> = {
  invitationId: "posted above",
  organization: "posted above",
  org: "posted above",
  domain: "posted above",
  subscription: "posted above",
  offeredAt: "posted above",
  session: "posted above",
  flow: "no organisation's",
  allowed: "no organisation's",
  offer: "no organisation's",
  step: "no organisation's",
  intent: "no organisation's",
  plan: "no organisation's",
  interval: "no organisation's",
  zone: "no organisation's",
  quiet: "no organisation's",
  anyway: "no organisation's",
  email: "no organisation's",
  redirectTo: "no organisation's",
  proof_kept: "no organisation's",
  returnTo: "no organisation's",
  token: "no organisation's",
  handle: "no organisation's",
  alert: "no organisation's",
  eventId: "no organisation's",
  state: "no organisation's",
  key: "no organisation's",
  passkey: "no organisation's",
  by: "no organisation's",
  identity: "no organisation's",
  provider: "no organisation's",
}

function source(file: string): string {
  try {
    return readFileSync(join("app", file), "utf8")
  } catch {
    return ""
  }
}

function hiddenFields(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap(entry => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return hiddenFields(path)
    const inputs = readFileSync(path, "utf8").matchAll(/<input\b[^>]*?type="hidden"[^>]*?name="(\w+)"/gs)
    return [...inputs].map(([, name = ""]) => name)
  })
}

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
    // The document says nothing of anybody.
    const kept = route.path === apiPaths.document() ? "public, max-age=300" : "no-store"
    expect(answer.headers.get("Cache-Control"), route.path).toContain(kept)
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
