import tsconfigPaths from "vite-tsconfig-paths"
import { defineConfig } from "vitest/config"

// A configuration of its own: the Remix plugin must not run here, the tests import routes as plain modules.
export default defineConfig({
  plugins: [tsconfigPaths()],
  esbuild: { jsx: "automatic" },
  test: {
    include: ["tests/**/*.test.{ts,tsx}"],
    pool: "forks",
    env: { NODE_ENV: "test" },
    testTimeout: 20_000,
    hookTimeout: 60_000,
  },
})
