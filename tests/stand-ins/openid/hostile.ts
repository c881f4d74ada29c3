import { generateKeyPairSync } from "node:crypto"
import { once } from "node:events"
import { createServer, type IncomingMessage, type ServerResponse } from "node:http"
import { exportJWK, type JWTPayload, SignJWT, UnsecuredJWT } from "jose"
import { bodyOf } from "./body"

/** What a hostile provider does instead of what it should. Whatever is left out, it does right. */
export type Mischief = {
  /** What it says of itself. */
  metadata?: Record<string, unknown>
  /** What its tokens claim besides, or instead. */
  claims?: Record<string, unknown>
  /** How it signs them. */
  signature?: "another key" | "none"
  /** What its userinfo endpoint says. */
  userinfo?: Record<string, unknown>
  /** The whole answer of its token endpoint. */
  token?: (res: ServerResponse) => void
  /** The whole answer of any endpoint below this path. */
  at?: { path: string; answer: (res: ServerResponse) => void }
}

/** A provider that does what a test tells it, on this machine. It accepts every code and takes the state for one. */
export async function startHostile(clientId: string) {
  let mischief: Mischief = {}
  const asked = new Map<string, URLSearchParams>()
  const keys = { own: newKey(), another: newKey() }
  const server = createServer((req, res) => {
    answer(req, res).catch((error: unknown) => res.writeHead(500).end(String(error)))
  }).listen(0, "127.0.0.1")
  await once(server, "listening")
  const address = server.address()
  if (address === null || typeof address === "string") throw new Error("The stand-in listens on no port.")
  const issuer = `http://127.0.0.1:${address.port}`

  async function answer(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const path = new URL(req.url ?? "/", issuer).pathname
    if (mischief.at && path.startsWith(mischief.at.path)) return mischief.at.answer(res)
    if (path === "/.well-known/openid-configuration")
      return json(res, { ...metadata(), ...mischief.metadata })
    if (path === "/jwks")
      return json(res, { keys: [{ ...(await exportJWK(keys.own.publicKey)), kid: "k", alg: "RS256" }] })
    if (path === "/userinfo") return json(res, mischief.userinfo ?? {})
    if (mischief.token) return mischief.token(res)
    const code = new URLSearchParams(await bodyOf(req)).get("code") ?? ""
    json(res, { access_token: "at", token_type: "Bearer", id_token: await idToken(asked.get(code)) })
  }

  function metadata() {
    return {
      issuer,
      authorization_endpoint: `${issuer}/auth`,
      token_endpoint: `${issuer}/token`,
      userinfo_endpoint: `${issuer}/userinfo`,
      jwks_uri: `${issuer}/jwks`,
      response_types_supported: ["code"],
      subject_types_supported: ["public"],
      id_token_signing_alg_values_supported: ["RS256"],
      authorization_response_iss_parameter_supported: true,
    }
  }

  function idToken(of: URLSearchParams | undefined): Promise<string> | string {
    const at = Math.floor(Date.now() / 1000)
    const nonce = of?.get("nonce") ?? undefined
    const own: JWTPayload = { iss: issuer, sub: "h-1", aud: clientId, iat: at, exp: at + 300, nonce }
    const claims = { ...own, ...mischief.claims }
    if (mischief.signature === "none") return new UnsecuredJWT(claims).encode()
    const key = mischief.signature === "another key" ? keys.another : keys.own
    return new SignJWT(claims).setProtectedHeader({ alg: "RS256", kid: "k" }).sign(key.privateKey)
  }

  return {
    issuer,
    does: (next: Mischief) => {
      mischief = next
    },
    /** Where it sends somebody back to who was sent to this address. */
    answerTo: (sentTo: string, more: Record<string, string | undefined> = {}): string => {
      const params = new URL(sentTo).searchParams
      const state = params.get("state") ?? ""
      asked.set(state, params)
      const back = new URL(params.get("redirect_uri") ?? "")
      const given = { code: state, state, iss: issuer, ...more }
      for (const [name, value] of Object.entries(given))
        if (value !== undefined) back.searchParams.set(name, value)
      return back.href
    },
    stop: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, "close")
    },
  }
}

export type Hostile = Awaited<ReturnType<typeof startHostile>>

function newKey() {
  return generateKeyPairSync("rsa", { modulusLength: 2048 })
}

function json(res: ServerResponse, body: unknown): void {
  res.writeHead(200, { "Content-Type": "application/json" }).end(JSON.stringify(body))
}
