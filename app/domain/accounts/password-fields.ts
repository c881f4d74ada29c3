import { z } from "zod"

/** More than any password may have: what is wrong with it is said by its rules. */
const most = 2_000

/** A password as it is typed to sign in. */
export const typedPassword = z.string("Enter your password.").max(most, "This is not your password.")

/** A password that is to become one. */
export const chosenPassword = z.string("Choose a password.").max(most, "Use at most 256 characters.")

/** What the page of one's own password posts. */
export const PasswordForm = z.discriminatedUnion("intent", [
  z.object({ intent: z.literal("set"), password: chosenPassword, redirectTo: z.string().optional() }),
  z.object({ intent: z.literal("remove") }),
])
