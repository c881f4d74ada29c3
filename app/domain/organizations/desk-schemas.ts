import { z } from "zod"

const why = "Say why: the owners read it."

const Note = z
  .string(why)
  .transform(typed => typed.normalize("NFC").replace(/\s+/gu, " ").trim())
  .pipe(z.string(why).min(1, why).max(500, "Use 500 characters or fewer."))

/** What the operator's page of an organisation posts. */
export const DeskOrganizationForm = z.discriminatedUnion(
  "intent",
  [z.object({ intent: z.literal("archive"), note: Note }), z.object({ intent: z.literal("restore") })],
  "Choose what to do.",
)

/** What the operator's page of a person posts. */
export const DeskPersonForm = z.object({
  intent: z.enum(["disable", "enable", "reset_two_factor"], "Choose what to do."),
})
