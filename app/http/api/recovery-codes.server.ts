import { z } from "zod"
import { Renewed } from "~/http/api/renewed-session.server"

/** The only copy of them. */
export const RecoveryCodes = z
  .object({
    recoveryCodes: z.array(z.string()).meta({ description: "Each counts once. They are never shown again." }),
  })
  .meta({ id: "RecoveryCodes" })

/** As two-factor sign-in is switched on with them. */
export const FirstRecoveryCodes = RecoveryCodes.extend(Renewed.shape).meta({ id: "FirstRecoveryCodes" })
