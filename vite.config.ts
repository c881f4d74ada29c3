import { readdirSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { brotliCompressSync, gzipSync } from "node:zlib"
import { vitePlugin as remix } from "@remix-run/dev"
import tailwindcss from "@tailwindcss/vite"
import { defineConfig, type Plugin } from "vite"
import tsconfigPaths from "vite-tsconfig-paths"

declare module "@remix-run/server-runtime" {
  /** Tells the types what the flag below does: loaders' answers keep their dates and `data()` is unwrapped. */
  interface Future {
    v3_singleFetch: true
  }
}

/**
 * Compiles server.ts, and every package it needs, into the server build: one file to parse instead of a thousand to
 * find starts in a third of the time, in less memory, and the container needs no node_modules but the native ones.
 * `post`, because Remix sets its own entry over the config's.
 */
const serverEntry: Plugin = {
  name: "gatehouse-server-entry",
  enforce: "post",
  apply: "build",
  config(config, { isSsrBuild }) {
    if (!isSsrBuild) return
    if (config.build?.rollupOptions) config.build.rollupOptions.input = "server.ts"
    return {
      build: { minify: "esbuild" },
      // Names stay whole, so that a stack in the log can be read.
      esbuild: { minifyIdentifiers: false },
      ssr: { noExternal: true, external: ["@node-rs/argon2", "better-sqlite3", "sharp", "vite"] },
      // Which React is bundled; the app reads its mode from the environment as ever.
      define: { "process.env.NODE_ENV": JSON.stringify("production") },
    }
  },
}

/** Remix brings a fetch of its own for a Node that lacks one, a megabyte that nothing calls. */
const withoutFetchPolyfills: Plugin = {
  name: "gatehouse-without-fetch-polyfills",
  enforce: "pre",
  apply: (_config, { command, isSsrBuild }) => command === "build" && isSsrBuild === true,
  resolveId: id => (id === "undici" || id === "@remix-run/web-fetch" ? "\0unused" : undefined),
  load: id => (id === "\0unused" ? "export default {}" : undefined),
}

/** Icons drawn without what lucide-react brings besides and no page of ours uses. */
const plainIcons: Plugin = {
  name: "gatehouse-plain-icons",
  enforce: "pre",
  apply: "build",
  resolveId: (id, importer) =>
    id.endsWith("/createLucideIcon.mjs") && importer?.includes("/lucide-react/dist/esm/icons/")
      ? join(import.meta.dirname, "app/components/ui/plain-icon.ts")
      : undefined,
}

/** Lays a .gz and a .br beside each text file of the client, so that the server need not compress while it serves. */
const compressedClient: Plugin = {
  name: "gatehouse-compressed-client",
  apply: (_config, { command, isSsrBuild }) => command === "build" && !isSsrBuild,
  writeBundle({ dir }) {
    if (!dir) return
    for (const name of readdirSync(dir, { recursive: true, encoding: "utf8" })) {
      if (!/\.(js|css|svg|txt|webmanifest)$/.test(name)) continue
      const content = readFileSync(join(dir, name))
      writeFileSync(join(dir, `${name}.gz`), gzipSync(content, { level: 9 }))
      writeFileSync(join(dir, `${name}.br`), brotliCompressSync(content))
    }
  },
}

/**
 * What the browser loads first, in a few files instead of a dozen small ones that weigh more together: the framework, which
 * seldom changes, and what the pages everyone may see are made of.
 */
const firstChunks: [name: string, modules: RegExp][] = [
  [
    "framework",
    /node_modules\/(react|react-dom|scheduler|react-router|react-router-dom|turbo-stream|@remix-run\/(react|router))\//,
  ],
  [
    "public-parts",
    /app\/(lib\/(paths|theme)|components\/(app-name|class-names|error-page|failure-page|nonce|page|page-title|theme-switch|use-hydrated|way-in|own-organizations|switch-organization|ui\/(banner|button|field|field-context|form|form-context|form-proof|form-summary|honeypot|logo|menu-list|plain-icon|plain-menu|spinner|text-input|text-link|toast|tone)))\.tsx?$/,
  ],
  ["sign-in-parts", /vite\/preload-helper|app\/components\/(provider-mark|use-passkeys)\.tsx?$/],
  [
    "pricing-parts",
    /app\/(domain\/billing\/(plans|purchase)|components\/(price-notes|ui\/(money|radio-cards)))\.tsx?$/,
  ],
]

const groupedClient: Plugin = {
  name: "gatehouse-grouped-client",
  apply: (_config, { command, isSsrBuild }) => command === "build" && !isSsrBuild,
  config: () => ({ build: { rollupOptions: { output: { manualChunks: chunkOf } } } }),
}

function chunkOf(module: string): string | undefined {
  return firstChunks.find(([, modules]) => modules.test(module))?.[0]
}

export default defineConfig({
  // One target for both builds: with two, the hashes in the CSS names differ and the server links to files that are not there.
  build: {
    target: "es2022",
    reportCompressedSize: false,
    // Notes of other people's packages on their own comments.
    rollupOptions: { onwarn: (warning, warn) => warning.code !== "INVALID_ANNOTATION" && warn(warning) },
  },
  server: { warmup: { clientFiles: ["./app/entry.client.tsx", "./app/root.tsx"] } },
  // Found at start instead of on the first visit of a page, which would load a second React beside the first.
  optimizeDeps: { entries: ["./app/entry.client.tsx", "./app/components/**/*.tsx"] },
  plugins: [
    withoutFetchPolyfills,
    plainIcons,
    tailwindcss(),
    remix({
      future: {
        v3_fetcherPersist: true,
        v3_relativeSplatPath: true,
        v3_throwAbortReason: true,
        v3_lazyRouteDiscovery: true,
        v3_singleFetch: true,
        v3_routeConfig: true,
      },
    }),
    tsconfigPaths(),
    serverEntry,
    compressedClient,
    groupedClient,
  ],
})
