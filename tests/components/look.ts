// Draws every scene of the gallery: npx tsx tests/components/look.ts [folder] [scene…]
import { mkdirSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import tailwindcss from "@tailwindcss/vite"
import express from "express"
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

const app = express()
app.use(vite.middlewares)
app.get("/scene/:name/:theme", async (req, res) => {
  const { scenes } = await vite.ssrLoadModule("/tests/components/gallery.tsx")
  const { scenePaths } = await vite.ssrLoadModule("/tests/components/gallery-paths.ts")
  const { html } = await vite.ssrLoadModule("/tests/components/stage.tsx")
  const { name, theme } = req.params
  res.type("html").send(
    await vite.transformIndexHtml(
      req.url,
      `<!doctype html><html lang="en" data-theme="${theme}"><head><title>${name}</title>
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <link rel="stylesheet" href="/app/styles/app.css?direct"></head>
      <body><div id="stage" data-scene="${name}">${html(scenes[name], scenePaths[name])}</div>
      <script type="module" src="/tests/components/gallery-client.tsx"></script></body></html>`,
    ),
  )
})
const server = app.listen(port)

const { scenes } = await vite.ssrLoadModule("/tests/components/gallery.tsx")
const names = chosen.length > 0 ? chosen : Object.keys(scenes)
const sizes = { phone: { width: 390, height: 844 }, desktop: { width: 1280, height: 800 } }
mkdirSync(folder, { recursive: true })

const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] })
for (const [size, viewport] of Object.entries(sizes)) {
  const page = await browser.newPage({ viewport })
  page.on("console", message => message.type() === "error" && console.log(message.text()))
  page.on("pageerror", error => console.log(error.message))
  for (const name of names) {
    for (const theme of ["light", "dark"]) {
      await page.goto(`http://localhost:${port}/scene/${name}/${theme}`, { waitUntil: "networkidle" })
      await page.screenshot({ path: join(folder, `${name}-${size}-${theme}.png`), fullPage: true })
    }
  }
  await page.close()
}
await browser.close()
server.close()
await vite.close()
