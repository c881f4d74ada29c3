import { type ChildProcess, spawn } from "node:child_process"
import { once } from "node:events"
import { createServer } from "node:net"
import { resolve } from "node:path"
import { exportJWK, generateKeyPair, SignJWT } from "jose"
import { afterEach, expect, test, vi } from "vitest"
import { publicKeySet, publishNextKey, replaceSigningKeys, signingKey } from "~/platform/signing-keys.server"
import { minutes } from "../support/clock"
import { hmacSigned, partsOf, signedByUs, unsigned } from "../support/forgery"
import { Program, signInProgram } from "../support/program"
import { setUpWorld, type World } from "../support/world"

vi.setConfig({ testTimeout: 90_000 })

const world = setUpWorld()
const running: ChildProcess[] = []

afterEach(async () => {
  for (const child of running.splice(0)) {
    const ended = once(child, "close")
    child.kill("SIGKILL")
    await ended
  }
})

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1")
  await once(server, "listening")
  const address = server.address()
  server.close()
  if (address === null || typeof address === "string") throw new Error("No free port.")
  return address.port
}

/** The example in a process of its own; what it answers to a token. */
async function otherBackend(gatehouse: string) {
  const port = await freePort()
  const child = spawn(process.execPath, ["--import", "tsx", resolve("tests/other-backend/server.ts")], {
    env: { PATH: process.env.PATH, NODE_ENV: "production", GATEHOUSE_URL: gatehouse, PORT: String(port) },
    stdio: ["ignore", "pipe", "inherit"],
  })
  running.push(child)
  await once(child.stdout, "data")
  return async (token?: string) => {
    const headers = token === undefined ? undefined : { Authorization: `Bearer ${token}` }
    const answer = await fetch(`http://127.0.0.1:${port}/whoami`, { headers })
    return { status: answer.status, told: await answer.json() }
  }
}

const program = (w: World, user = w.cast.alice) => signInProgram(new Program(w.url), user)

test("[A1] another backend knows by the key set alone who calls, and refuses what is not ours", async () => {
  const w = await world()
  const p = await program(w)
  await p.withCookie("/api/auth/refresh")
  const ask = await otherBackend(w.url)
  expect(await ask(p.accessToken)).toEqual({
    status: 200,
    told: { person: w.cast.alice.id, organization: w.cast.acme.id },
  })
  const { header, claims } = partsOf(p.accessToken)
  const theirs = await generateKeyPair("ES256", { extractable: true })
  const jwk = await exportJWK(theirs.publicKey)
  const signed = (more: object) =>
    new SignJWT(claims).setProtectedHeader({ ...header, ...more }).sign(theirs.privateKey)
  const refused: Record<string, string | undefined> = {
    "no token": undefined,
    "a foreign token under our kid": await signed({}),
    "a foreign token with its key": await signed({ jwk, kid: "theirs" }),
    unsigned: unsigned({ ...header, alg: "none" }, claims),
    "HS256 with the public key": hmacSigned(
      { ...header, alg: "HS256" },
      claims,
      JSON.stringify(publicKeySet().keys[0]),
    ),
    "for somebody else": await signedByUs({}, { ...claims, aud: "https://other.example" }),
    "of another issuer": await signedByUs({}, { ...claims, iss: "https://other.example" }),
    "of another type": await signedByUs({ typ: "JWT" }, claims),
    expired: await signedByUs({}, { ...claims, exp: 1 }),
    "a refresh token": p.refreshToken,
  }
  for (const [what, token] of Object.entries(refused)) expect((await ask(token)).status, what).toBe(401)
})

test("[A1] a rotation is not noticed there: the next key is known before it signs, the last one after", async () => {
  const w = await world()
  const p = await program(w)
  const next = await publishNextKey(minutes(10))
  const ask = await otherBackend(w.url)
  expect((await ask(p.accessToken)).status).toBe(200)
  const old = p.accessToken
  w.clock.advance(minutes(11))
  await p.withCookie("/api/auth/refresh")
  expect(partsOf(p.accessToken).header.kid).toBe(next.id)
  for (const token of [old, p.accessToken]) expect((await ask(token)).status).toBe(200)
})

test("[A1] keys that were all replaced are noticed there within seconds, and the old ones count no more", async () => {
  const w = await world()
  const p = await program(w)
  const ask = await otherBackend(w.url)
  expect((await ask(p.accessToken)).status).toBe(200)
  const old = p.accessToken
  await replaceSigningKeys()
  await p.withCookie("/api/auth/refresh")
  expect(partsOf(p.accessToken).header.kid).toBe((await signingKey()).id)
  await vi.waitFor(async () => expect((await ask(p.accessToken)).status).toBe(200), {
    timeout: 30_000,
    interval: 500,
  })
  expect((await ask(old)).status).toBe(401)
})

test("[A1] while Gatehouse cannot be asked for its keys, nobody is let in there, and nobody is told they are unknown", async () => {
  const w = await world()
  const { accessToken } = await program(w)
  const ask = await otherBackend(`http://127.0.0.1:${await freePort()}`)
  expect(await ask(accessToken)).toEqual({ status: 503, told: { error: "gatehouse_unreachable" } })
})
