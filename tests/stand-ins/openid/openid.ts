import { generateKeyPairSync } from "node:crypto"
import { once } from "node:events"
import { createServer, type IncomingMessage, type ServerResponse } from "node:http"
import { microsoftAuthority } from "~/platform/provider-settings.server"
import { bodyOf } from "./body"
import { choicePage } from "./pages"
import { type Person, type Tenant, tenants } from "./people"
import { type Mounted, mountProvider } from "./real-provider"

/*
 * Providers of OpenID Connect on this machine: real ones (oidc-provider) that play Google, Microsoft with several tenants behind
 * one address, and one of any other make. People come in at a page that asks who they are.
 */

export type OpenId = {
  url: string
  /** The settings by which the app knows all of them. */
  settings: Record<"google" | "microsoft" | "oidc", Record<string, string>>
  /** From now on the providers know this person; another of the same `sub` is replaced. */
  add: (at: "google" | "oidc" | Tenant, person: Person) => Person
  stop: () => Promise<void>
}

const client = { id: "gatehouse", secret: "a-secret-between-gatehouse-and-the-stand-ins" }

/** Starts all of them on one port; `name` is what the app calls the one of any other make. */
export async function startOpenId(options: { port?: number; name?: string } = {}): Promise<OpenId> {
  const mounts = new Map<string, Mounted>()
  const server = createServer((req, res) => {
    answer(mounts, url(), req, res).catch((error: unknown) => res.writeHead(500).end(String(error)))
  }).listen(options.port ?? 0, "127.0.0.1")
  await once(server, "listening")
  const url = () => {
    const address = server.address()
    if (address === null || typeof address === "string") throw new Error("The stand-in listens on no port.")
    return `http://127.0.0.1:${address.port}`
  }
  const { name = "Other ID" } = options
  const people = new Map<string, Map<string, Person>>()
  const jwks = { keys: [signingKey()] }
  const place = async (at: string, mount: string, issuer: string, title: string, tellsLater = false) => {
    const known = new Map<string, Person>()
    people.set(at, known)
    const own = { find: (sub: string) => known.get(sub), people: () => [...known.values()] }
    mounts.set(mount, await mountProvider({ issuer, mount, title, client, jwks, tellsLater, ...own }))
  }
  await place("google", "/google", `${url()}/google`, "Google")
  await place("oidc", "/other", `${url()}/other`, name, true)
  for (const [tenant, id] of Object.entries(tenants)) {
    await place(tenant, `/${id}/v2.0`, `${microsoftAuthority}/${id}/v2.0`, `Microsoft, ${tenant}`)
  }
  const of = (prefix: string) => ({
    [`${prefix}_CLIENT_ID`]: client.id,
    [`${prefix}_CLIENT_SECRET`]: client.secret,
  })
  return {
    url: url(),
    settings: {
      google: { ...of("GOOGLE"), GOOGLE_ISSUER_URL: `${url()}/google` },
      microsoft: { ...of("AZURE"), AZURE_AUTHORITY_URL: url() },
      oidc: { ...of("OIDC"), OIDC_ISSUER: `${url()}/other`, OIDC_NAME: name },
    },
    add: (at, person) => {
      const tid = Object.entries(tenants).find(([tenant]) => tenant === at)?.[1]
      const whole = tid ? { tid, oid: person.sub, ...person } : person
      people.get(at)?.set(person.sub, whole)
      return whole
    },
    stop: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, "close")
    },
  }
}

async function answer(
  mounts: Map<string, Mounted>,
  base: string,
  req: IncomingMessage,
  res: ServerResponse,
): Promise<void> {
  const path = req.url ?? "/"
  if (path === "/favicon.ico") return void res.writeHead(204).end()
  const [, many, rest = ""] = /^\/(common|organizations|consumers)\/v2\.0(\/.*)$/.exec(path) ?? []
  if (many) return manyTenants(`${base}/${many}/v2.0`, rest, base, req, res)
  const found = [...mounts].find(([mount]) => path.startsWith(`${mount}/`))
  if (!found) return void res.writeHead(404).end()
  return found[1].handle(req, res)
}

/** Microsoft's one address for many tenants: its metadata names no tenant, its pages lead to one, its token endpoint serves all. */
async function manyTenants(
  own: string,
  rest: string,
  base: string,
  req: IncomingMessage,
  res: ServerResponse,
): Promise<void> {
  if (rest === "/.well-known/openid-configuration") return json(res, 200, metadataOfMany(own, base))
  if (rest.startsWith("/auth?")) {
    const ways = Object.entries(tenants).map(([label, id]) => ({ label, to: `/${id}/v2.0${rest}` }))
    return choicePage(res, "Microsoft", ways)
  }
  const body = await bodyOf(req)
  const { authorization = "", "content-type": type = "" } = req.headers
  const headers = { "Content-Type": type, ...(authorization && { Authorization: authorization }) }
  const answers = await Promise.all(
    Object.values(tenants).map(id => fetch(`${base}/${id}/v2.0/token`, { method: "POST", body, headers })),
  )
  const best = answers.find(one => one.ok) ?? answers[0]
  json(res, best?.status ?? 500, await best?.json())
}

function metadataOfMany(own: string, base: string) {
  return {
    issuer: `${microsoftAuthority}/{tenantid}/v2.0`,
    authorization_endpoint: `${own}/auth`,
    token_endpoint: `${own}/token`,
    jwks_uri: `${base}/${tenants.acme}/v2.0/jwks`,
    response_types_supported: ["code"],
    subject_types_supported: ["pairwise"],
    id_token_signing_alg_values_supported: ["RS256"],
    token_endpoint_auth_methods_supported: ["client_secret_basic", "client_secret_post"],
  }
}

function json(res: ServerResponse, status: number, body: unknown): void {
  res.writeHead(status, { "Content-Type": "application/json", "Cache-Control": "no-store" })
  res.end(JSON.stringify(body))
}

function signingKey() {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 })
  return { ...privateKey.export({ format: "jwk" }), kid: "stand-in", alg: "RS256", use: "sig" }
}
