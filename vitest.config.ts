import tsconfigPaths from "vite-tsconfig-paths"
import { defineConfig } from "vitest/config"

// A configuration of its own: the Remix plugin must not run here, the tests import routes as plain modules.
export default defineConfig({
  plugins: [tsconfigPaths()],
  esbuild: { jsx: "automatic" },
  test: {
    include: ["tests/**/*.test.{ts,tsx}"],
    pool: "forks",
    // Most of the time a test waits for a process, a mail or a browser: no core need be kept free for the runner.
    maxWorkers: "100%",
    env: { NODE_ENV: "test" },
    testTimeout: 20_000,
    hookTimeout: 60_000,
  },
})
