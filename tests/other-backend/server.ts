/**
 * Another backend, whole: Gatehouse signs people in, and this one checks their access tokens by the published keys alone.
 *   GATEHOUSE_URL=http://localhost:3000 PORT=4000 npx tsx tests/other-backend/server.ts
 * A token counts for an hour at most. Where somebody shut out must be stopped at once, ask GET /api/auth/profile with it instead: 401
 * once they are signed out, and no `organization` once they are removed from the one the token speaks of.
 */
import express from "express"
import { createRemoteJWKSet, errors, jwtVerify } from "jose"

const { GATEHOUSE_URL: gatehouse = "http://localhost:3000", PORT = "4000" } = process.env

// Kept for as long as Gatehouse allows; a key it does not know makes it ask again, every five seconds at most.
const keys = createRemoteJWKSet(new URL("/.well-known/jwks.json", gatehouse), {
  cacheMaxAge: 300_000,
  cooldownDuration: 5_000,
})
const expected = { issuer: gatehouse, audience: gatehouse, algorithms: ["ES256"], typ: "at+jwt" }

const app = express()

app.use(async (req, res, next) => {
  const token = /^bearer (.+)$/i.exec(req.headers.authorization ?? "")?.[1] ?? ""
  try {
    const { payload } = await jwtVerify(token, keys, { ...expected, requiredClaims: ["sub", "exp"] })
    res.locals.caller = { person: payload.sub, organization: payload.org }
    next()
  } catch (error) {
    const { code = "" } = error instanceof errors.JOSEError ? error : {}
    if (code && !/^ERR_(JOSE_GENERIC|JWKS_TIMEOUT|JWKS_INVALID)$/.test(code))
      res.status(401).set("WWW-Authenticate", "Bearer").json({ error: code })
    else res.status(503).json({ error: "gatehouse_unreachable" })
  }
})

app.get("/whoami", (_req, res) => {
  res.json(res.locals.caller)
})

app.listen(Number(PORT), "127.0.0.1", () => process.stdout.write("ready\n"))
