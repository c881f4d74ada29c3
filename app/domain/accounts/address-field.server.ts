import { z } from "zod"
import { type Address, parseAddress } from "~/domain/accounts/addresses.server"

const words = "Enter an e-mail address, such as name@example.com."

/** A form field that holds one e-mail address. */
export const addressField = z.string(words).transform((typed, context): Address => {
  const address = parseAddress(typed)
  if (address.ok) return address.value
  context.addIssue({ code: "custom", message: words })
  return z.NEVER
})
