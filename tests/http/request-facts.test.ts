import { expect, test } from "vitest"
import { startApp } from "../support/app"
import { ask, mirror, production, settingsWith } from "./ask"

const claims = {
  Host: "gate.example.com",
  "X-Forwarded-For": "203.0.113.9, 10.1.1.1",
  "X-Forwarded-Host": "evil.example",
  "X-Forwarded-Proto": "https",
  Forwarded: "for=1.2.3.4;host=evil.example",
  "X-Real-IP": "1.2.3.4",
  "X-Request-Id": "given-by-the-client",
}

async function seenWith(trustedProxies: string, headers: Record<string, string>) {
  const settings = settingsWith({ ...production, TRUSTED_PROXIES: trustedProxies })
  const app = await startApp({ settings, remix: mirror })
  try {
    const reply = await ask(`${app.url}/`, { headers })
    return { status: reply.status, seen: reply.status === 200 ? JSON.parse(reply.text) : undefined }
  } finally {
    await app.close()
  }
}

test("[S16] forwarded headers from an untrusted peer are worth nothing and reach nobody", async () => {
  const { seen } = await seenWith("", claims)
  expect(seen.context.clientAddress).toBe("127.0.0.1")
  expect(seen.context.requestId).not.toBe("given-by-the-client")
  const names = Object.keys(seen.headers)
  expect(names.filter(name => /forwarded|real-ip|request-id/.test(name))).toEqual([])
  expect(seen.headers.host).toBe("gate.example.com")
})

test("[S16] behind a trusted proxy the client is found from the right, past every trusted hop", async () => {
  const { "X-Forwarded-Host": _, ...headers } = claims
  const { seen } = await seenWith("127.0.0.1, 10.0.0.0/8", {
    ...headers,
    "X-Forwarded-For": "6.6.6.6, 203.0.113.9, 10.1.1.1",
  })
  expect(seen.context.clientAddress).toBe("203.0.113.9")
  expect(seen.context.requestId).toBe("given-by-the-client")
})

test("[L14] a trusted proxy may name the host, and it is checked like any other", async () => {
  const inside = { Host: "app:3000", "X-Forwarded-Host": "gate.example.com" }
  expect((await seenWith("127.0.0.1", inside)).status).toBe(200)
  expect((await seenWith("", inside)).status).toBe(421)
  expect((await seenWith("127.0.0.1", claims)).status).toBe(421)
})

test("[R7] each request has an id of its own, told in the answer; a malformed one from a proxy is replaced", async () => {
  const settings = settingsWith({ ...production, TRUSTED_PROXIES: "127.0.0.1" })
  const app = await startApp({ settings, remix: mirror })
  try {
    const bad = { Host: "gate.example.com", "X-Request-Id": "a b\u00e9 <script>" }
    const [one, two] = await Promise.all([1, 2].map(() => ask(`${app.url}/`, { headers: bad })))
    const ids = [one, two].map(reply => reply?.headers["x-request-id"])
    expect(new Set(ids).size).toBe(2)
    for (const id of ids) expect(id).toMatch(/^[\w-]+$/)
  } finally {
    await app.close()
  }
})
