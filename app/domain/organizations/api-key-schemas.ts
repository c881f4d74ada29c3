import { z } from "zod"
import { apiScopeList } from "~/domain/organizations/api-scopes"
import { tidyName } from "~/domain/organizations/schemas"

/** What a key is called, for people to know which program holds it. */
export const ApiKeyName = z
  .string("Enter a name.")
  .transform(tidyName)
  .pipe(z.string("Enter a name.").min(1, "Enter a name.").max(80, "Use 80 characters or fewer."))

export const ApiKeyScopes = z
  .array(z.enum(apiScopeList, "Choose from the list."))
  .min(1, "Choose at least one thing the key may do.")
  .max(apiScopeList.length, "Choose each only once.")

/** How long a key lasts, as the form offers it: in days. */
export const lifetimes = ["30", "90", "365", "none"] as const

export type Lifetime = (typeof lifetimes)[number]

/** What the page of keys posts: boxes that are not ticked are not sent. */
export const NewApiKey = z.object({
  name: ApiKeyName,
  scopes: ApiKeyScopes,
  lifetime: z.enum(lifetimes, "Choose how long it lasts."),
})
