// Draws every scene of the gallery: npx tsx tests/components/look.ts [folder] [scene…]
import { mkdirSync } from "node:fs"
import { createServer as createHttp } from "node:http"
import { tmpdir } from "node:os"
import { join } from "node:path"
import tailwindcss from "@tailwindcss/vite"
import { chromium } from "playwright-core"
import { createServer } from "vite"
import tsconfigPaths from "vite-tsconfig-paths"

const [folder = join(tmpdir(), "gatehouse-looks"), ...chosen] = process.argv.slice(2)
const port = 4010

const vite = await createServer({
  configFile: false,
  appType: "custom",
  logLevel: "warn",
  cacheDir: join(tmpdir(), "gatehouse-looks-cache"),
  server: { middlewareMode: true, hmr: false, watch: null },
  plugins: [tailwindcss(), tsconfigPaths()],
})

const server = createHttp((req, res) => {
  vite.middlewares(req, res, async () => {
    const [, name = "", theme = ""] = /^\/scene\/([^/]+)\/([^/?]+)/.exec(req.url ?? "") ?? []
    const { scenes } = await vite.ssrLoadModule("/tests/components/gallery.tsx")
    const { scenePaths } = await vite.ssrLoadModule("/tests/components/gallery-paths.ts")
    const { html } = await vite.ssrLoadModule("/tests/components/stage.tsx")
    const page = await vite.transformIndexHtml(
      req.url ?? "",
      `<!doctype html><html lang="en" data-theme="${theme}"><head><title>${name}</title>
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <link rel="icon" href="/favicon.svg"><link rel="stylesheet" href="/app/styles/app.css?direct"></head>
      <body><div id="stage" data-scene="${name}">${html(scenes[name], scenePaths[name])}</div>
      <script type="module" src="/tests/components/gallery-client.tsx"></script></body></html>`,
    )
    res.setHeader("Content-Type", "text/html; charset=utf-8").end(page)
  })
}).listen(port, "127.0.0.1")

const { scenes } = await vite.ssrLoadModule("/tests/components/gallery.tsx")
const names = chosen.length > 0 ? chosen : Object.keys(scenes)
const sizes = { phone: { width: 390, height: 844 }, desktop: { width: 1280, height: 800 } }
mkdirSync(folder, { recursive: true })

const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] })

/** Draws one scene, after pressing what is named, with or without JavaScript. */
async function draw(
  name: string,
  size: keyof typeof sizes,
  { press, script = true }: { press?: string; script?: boolean },
) {
  const context = await browser.newContext({ viewport: sizes[size], javaScriptEnabled: script })
  const page = await context.newPage()
  page.on("console", message => message.type() === "error" && console.log(name, message.text()))
  page.on("pageerror", error => console.log(name, error.message))
  for (const theme of ["light", "dark"]) {
    await page.goto(`http://localhost:${port}/scene/${name}/${theme}`, { waitUntil: "networkidle" })
    if (press)
      await page
        .locator(`:is(button, summary):visible`, { hasText: press })
        .or(page.getByLabel(press))
        .first()
        .click()
    await page.waitForTimeout(press ? 300 : 0)
    const kind = [name, size, theme, press && "open", !script && "plain"].filter(Boolean).join("-")
    await page.screenshot({ path: join(folder, `${kind}.png`), fullPage: !press })
  }
  await context.close()
}

for (const name of names) {
  await draw(name, "phone", {})
  await draw(name, "desktop", {})
}
for (const script of [true, false]) {
  if (names.includes("members")) await draw("members", "phone", { press: "Menu", script })
  if (names.includes("members")) await draw("members", "desktop", { press: "Harbour Books", script })
  if (names.includes("desk")) await draw("desk", "desktop", { press: "Alice Marsh", script })
  if (names.includes("billing")) await draw("billing", "phone", { press: "Close this organisation", script })
}
await browser.close()
server.close()
await vite.close()
