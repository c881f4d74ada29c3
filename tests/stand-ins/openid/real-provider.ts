import type { IncomingMessage, ServerResponse } from "node:http"
import { isLoopbackUrl } from "~/platform/setting-problems.server"
import { bodyOf } from "./body"
import { accountPage } from "./pages"
import type { Person } from "./people"

export type Client = { id: string; secret: string }

export type Mounted = {
  /** Answers what is addressed below the mount path. */
  handle: (req: IncomingMessage, res: ServerResponse) => Promise<void>
}

type Options = {
  issuer: string
  /** Where it stands on this server, which need not be what its issuer says. */
  mount: string
  title: string
  client: Client
  jwks: { keys: object[] }
  find: (sub: string) => Person | undefined
  people: () => Person[]
  /** Says the address in the answer of the userinfo endpoint only, as the specification has it. */
  tellsLater?: boolean
}

/** A real provider of OpenID Connect, with a page on which whoever comes says which of its people they are. */
export function mountProvider(options: Options): Promise<Mounted> {
  return quietly(() => mount(options))
}

async function mount(options: Options): Promise<Mounted> {
  const { default: Provider, interactionPolicy } = await import("oidc-provider")
  const { issuer, mount, client, jwks, find, tellsLater = false } = options
  const policy = interactionPolicy.base()
  policy.add(new interactionPolicy.Prompt({ name: "select_account", requestable: true }), 0)
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: client.id,
        client_secret: client.secret,
        redirect_uris: ["http://localhost/api/auth/callback"],
        response_types: ["code"],
        grant_types: ["authorization_code"],
      },
    ],
    jwks,
    conformIdTokenClaims: tellsLater,
    claims: {
      openid: ["sub", "hd", "tid", "oid"],
      email: ["email", "email_verified"],
      profile: ["name", "preferred_username"],
    },
    pkce: { required: () => true },
    ttl: {
      Interaction: minutes(10),
      Grant: minutes(10),
      Session: minutes(10),
      AccessToken: minutes(5),
      IdToken: minutes(5),
    },
    cookies: { keys: ["stand-in"] },
    features: { devInteractions: { enabled: false } },
    interactions: { policy, url: (_: unknown, { uid }: { uid: string }) => `${mount}/interaction/${uid}` },
    findAccount: (_: unknown, sub: string) => {
      const person = find(sub)
      return person && { accountId: sub, claims: () => ({ ...person }) }
    },
    // Nobody is asked what may be told: everything that was asked for is.
    loadExistingGrant: async (ctx: GrantContext) => {
      const grant = new provider.Grant({
        accountId: ctx.oidc.session.accountId,
        clientId: ctx.oidc.client.clientId,
      })
      grant.addOIDCScope("openid email profile")
      await grant.save()
      return grant
    },
  })
  // The app stands on another port in each test.
  provider.Client.prototype.redirectUriAllowed = value => isLoopbackUrl(value)
  const callback = provider.callback()
  return {
    handle: async (req, res) => {
      const original = req.url ?? "/"
      if (!original.startsWith(`${mount}/interaction/`)) {
        Object.assign(req, { originalUrl: original, url: original.slice(mount.length) || "/" })
        return callback(req, res)
      }
      if (req.method !== "POST") return accountPage(res, options.title, options.people())
      const sub = new URLSearchParams(await bodyOf(req)).get("account") ?? ""
      const result = find(sub) ? { login: { accountId: sub }, select_account: {} } : declined
      return provider.interactionFinished(req, res, result, { mergeWithLastSubmission: false })
    },
  }
}

const minutes = (n: number) => 60 * n

/** It warns that it is not made for production like this, which is true and beside the point. */
async function quietly<T>(work: () => Promise<T>): Promise<T> {
  const { warn } = console
  console.warn = () => {}
  try {
    return await work()
  } finally {
    console.warn = warn
  }
}

type GrantContext = { oidc: { session: { accountId: string }; client: { clientId: string } } }

const declined = { error: "access_denied", error_description: "The person went back." }
