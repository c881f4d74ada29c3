import { z } from "zod"
import { passkeyWords } from "~/domain/accounts/passkey-words"

/** What its person knows a passkey by. */
export const passkeyName = z
  .string("Enter a name.")
  .trim()
  .min(1, "Enter a name.")
  .max(60, "Use at most 60 characters.")

/** Adding a passkey, in two steps: asking for it, and the browser's answer. */
export const AddPasskey = z.discriminatedUnion("intent", [
  z.object({ intent: z.literal("begin"), name: passkeyName }),
  z.object({ intent: z.literal("finish"), name: passkeyName, passkey: z.string(passkeyWords.malformed) }),
])

/** What can be done with one that is there. */
export const ChangePasskey = z.discriminatedUnion("intent", [
  z.object({ intent: z.literal("rename"), name: passkeyName }),
  z.object({ intent: z.literal("remove") }),
])
