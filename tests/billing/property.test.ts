import { vi } from "vitest"
import { proveLives } from "./lives/prove"

/* Random lives of an account and of the app beside it: see lives/run-life.ts. */

vi.mock(import("~/platform/stripe.server"), async real =>
  (await import("./lives/mortal")).mortalStripe(await real()),
)
vi.mock(import("~/platform/db.server"), async real =>
  (await import("./lives/mortal")).mortalDatabase(await real()),
)
vi.mock(import("~/platform/failpoint.server"), async () => (await import("./lives/mortal")).mortalFailpoint)

proveLives(0)
