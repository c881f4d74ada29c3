import { z } from "zod"

/** The only copy of them. */
export const RecoveryCodes = z
  .object({
    recoveryCodes: z.array(z.string()).meta({ description: "Each counts once. They are never shown again." }),
  })
  .meta({ id: "RecoveryCodes" })
