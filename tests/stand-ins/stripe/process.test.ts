import { type ChildProcess, spawn } from "node:child_process"
import { once } from "node:events"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import Stripe from "stripe"
import { afterEach, expect, test } from "vitest"
import { DEFAULT_SECRET_KEY, remoteLocalStripe, startLocalStripe } from "./local-stripe"
import { sdk, startReceiver } from "./test-world"

const folder = mkdtempSync(join(tmpdir(), "local-stripe-"))
const started: ChildProcess[] = []
afterEach(() => {
  for (const child of started.splice(0)) child.kill("SIGKILL")
  rmSync(folder, { recursive: true, force: true })
})

const MAIN = fileURLToPath(new URL("./main.ts", import.meta.url))

/** Starts the local Stripe as a process of its own and answers its address. */
async function startProcess(env: Record<string, string>): Promise<{ url: string; child: ChildProcess }> {
  const child = spawn(process.execPath, ["--import", "tsx", MAIN], {
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "inherit"],
  })
  started.push(child)
  for await (const chunk of child.stdout ?? []) {
    const url = /http:\/\/127\.0\.0\.1:\d+/.exec(String(chunk))?.[0]
    if (url) return { url, child }
  }
  throw new Error("The local Stripe did not start.")
}

test("[B15] as a process of its own it is driven over HTTP, and a kill loses nothing", async () => {
  const receiver = await startReceiver()
  const env = {
    LOCAL_STRIPE_PORT: "0",
    LOCAL_STRIPE_STATE: join(folder, "state.json"),
    LOCAL_STRIPE_WEBHOOK_URL: receiver.url,
    LOCAL_STRIPE_WEBHOOK_SECRET: "whsec_kept",
  }
  const first = await startProcess(env)
  const local = remoteLocalStripe(first.url)
  const connect = (url: string) =>
    new Stripe(DEFAULT_SECRET_KEY, {
      host: "127.0.0.1",
      port: Number(new URL(url).port),
      protocol: "http",
      maxNetworkRetries: 0,
    })
  const stripe = connect(first.url)
  const { data } = await stripe.prices.list({ lookup_keys: ["gatehouse_starter_monthly"] })
  const { id } = await stripe.checkout.sessions.create({
    mode: "subscription",
    line_items: [{ price: data[0]?.id, quantity: 1 }],
    customer_email: "kept@example.com",
    success_url: "http://localhost:3000/done",
  })
  await local.settled()
  await local.setDelivery({ mode: "delayed", delayMs: 60_000 })
  const { session } = await local.completeCheckout({ session: id })
  expect(session.status).toBe("complete")
  await expect(local.completeCheckout({ session: id })).rejects.toThrow("complete")
  await local.advance({ days: 2 })
  receiver.received.length = 0
  first.child.kill("SIGKILL")
  await once(first.child, "exit")

  const second = await startProcess(env)
  const again = await connect(second.url).checkout.sessions.retrieve(id, { expand: ["subscription"] })
  expect(again).toMatchObject({ status: "complete", subscription: { status: "active" } })
  const revived = remoteLocalStripe(second.url)
  expect((await revived.time()) - Date.now() / 1000).toBeGreaterThan(86_400)
  await revived.settled()
  expect(receiver.types()).toContain("checkout.session.completed")
  expect((await connect(second.url).prices.list({ limit: 100 })).data).toHaveLength(6)
}, 60_000)

test("[B15] a port that is taken is said in one line", async () => {
  const holder = await startLocalStripe()
  const child = spawn(process.execPath, ["--import", "tsx", MAIN], {
    env: { ...process.env, LOCAL_STRIPE_PORT: String(holder.port) },
    stdio: ["ignore", "ignore", "pipe"],
  })
  started.push(child)
  let said = ""
  child.stderr?.on("data", chunk => {
    said += chunk
  })
  const [code] = await once(child, "exit")
  expect(code).toBe(1)
  expect(said).toContain(`Port ${holder.port} is taken. Set LOCAL_STRIPE_PORT to another one.`)
  await expect(sdk(holder).customers.list()).resolves.toBeDefined()
  await holder.stop()
}, 30_000)
