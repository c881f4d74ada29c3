import { Agent, get } from "node:http"
import { expect, test } from "vitest"
import { stopServer } from "~/http/graceful-stop.server"
import type { RemixHandler } from "~/http/remix-handler.server"
import { startApp } from "../support/app"
import { settingsWith } from "./ask"

const settings = settingsWith({ NODE_ENV: "test" })
const slow: RemixHandler = async (_req, res) => {
  await new Promise(resolve => setTimeout(resolve, Math.random() * 20))
  res.end("whole")
}

/** One request over a pool of kept connections. */
function fetchOver(agent: Agent, url: string): Promise<string> {
  return new Promise((resolve, reject) => {
    get(url, { agent }, res => {
      let text = ""
      res.setEncoding("utf8").on("data", part => {
        text += part
      })
      res.on("end", () => resolve(text)).on("error", reject)
    }).on("error", reject)
  })
}

test("[R8] a stop under load loses no request: each is answered whole or was never accepted", async () => {
  const app = await startApp({ settings, remix: slow })
  const agent = new Agent({ keepAlive: true, maxSockets: 32 })
  const outcomes: string[] = []
  let loading = true
  const clients = Array.from({ length: 32 }, async () => {
    while (loading) {
      const outcome = await fetchOver(agent, `${app.url}/`).catch(error => String(error.code))
      outcomes.push(outcome)
      if (outcome === "ECONNREFUSED") return
    }
  })
  while (outcomes.length < 200) await new Promise(resolve => setTimeout(resolve, 10))
  const began = performance.now()
  await stopServer(app.server, app.lifecycle, 8_000)
  loading = false
  await Promise.all(clients)
  agent.destroy()
  expect(outcomes.filter(outcome => outcome !== "whole" && outcome !== "ECONNREFUSED")).toEqual([])
  expect(performance.now() - began).toBeLessThan(7_000)
})

test("[R8] a request under way at the stop is finished, and its connection then ends", async () => {
  const app = await startApp({
    settings,
    remix: async (_req, res) => {
      await new Promise(resolve => setTimeout(resolve, 2_000))
      res.end("late but whole")
    },
  })
  const agent = new Agent({ keepAlive: true })
  const answer = fetchOver(agent, `${app.url}/`)
  await new Promise(resolve => setTimeout(resolve, 50))
  const stopped = stopServer(app.server, app.lifecycle, 8_000)
  expect(await answer).toBe("late but whole")
  await stopped
  agent.destroy()
})

test("[R8] a request that never ends is cut at the deadline", async () => {
  const app = await startApp({ settings, remix: () => new Promise(() => {}) })
  const answer = fetchOver(new Agent(), `${app.url}/`).catch(error => error.code)
  await new Promise(resolve => setTimeout(resolve, 50))
  await stopServer(app.server, app.lifecycle, 400)
  expect(await answer).toBe("ECONNRESET")
})

test("[R7] while stopping, an open connection hears that the app is not ready", async () => {
  const app = await startApp({ settings, remix: slow })
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  await fetchOver(agent, `${app.url}/`)
  const stopped = stopServer(app.server, app.lifecycle, 8_000)
  expect(await fetchOver(agent, `${app.url}/readyz`)).toBe('{"status":"stopping"}')
  await stopped
  agent.destroy()
})
