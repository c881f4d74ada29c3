import { defineConfig } from "prisma/config"

// The client is made without a schema engine, and migrations are applied by the app: no download is needed, ever.
process.env.PRISMA_SCHEMA_ENGINE_BINARY ??= process.execPath

export default defineConfig({ schema: "prisma/schema.prisma" })
