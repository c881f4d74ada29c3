import { z } from "zod"
import { isReservedSlug, longestSlug } from "~/domain/organizations/slugs.server"

const words = `Use only the letters a to z, digits, and single dashes between them; ${longestSlug} characters or fewer.`

/** A form field that holds the last part of an organisation's address, as `slugOf` writes it; upper case is taken for a slip. */
export const OrganizationAddress = z
  .string("Enter an address.")
  .trim()
  .toLowerCase()
  .min(1, "Enter an address.")
  .max(longestSlug, words)
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, words)
  .refine(slug => !isReservedSlug(slug), "This word is kept for the pages of this site. Choose another.")
