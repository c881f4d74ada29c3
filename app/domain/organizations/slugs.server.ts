/**
 * The address of an organisation, made from its name. The name may be in any script; what cannot be written in ASCII falls
 * back to a plain word. Uniqueness is the database's business: callers try one candidate after the other.
 */
import { randomInt } from "node:crypto"
import slugify from "@sindresorhus/slugify"

/** Long enough for a name, short enough to be read out. */
export const longestSlug = 40
const fallback = "organisation"

/** Words that are, or may become, an address of our own, or that would let one organisation pose as the installation. */
const reserved = new Set(
  `about account accounts activate admin administrator all api app apps assets auth billing blog cart checkout contact
   create dashboard demo docs download edit gate gatehouse health help home invitation invitations invite join legal
   login logout mail me members metrics new null oauth onboarding operator order orders org organisation organisations
   organization organizations owner ping plan plans pricing privacy products public robots root security settings setup
   shop sign-in sign-out signin signout signup start static status support switch system team terms test undefined user
   users webhook webhooks www`.split(/\s+/),
)

/** Whether no organisation may have this address. */
export function isReservedSlug(slug: string): boolean {
  return reserved.has(slug)
}

/** The plain address of a name: lower-case ASCII letters, digits and single dashes, at most 40. */
export function slugOf(name: string): string {
  const slug = slugify(name.normalize("NFC"), { decamelize: false }).slice(0, longestSlug).replace(/-+$/, "")
  return slug || fallback
}

/** Addresses to try for a name, the nicest first: `acme`, `acme-2` to `acme-9`, then eight with a random end. Never a reserved one. */
export function* slugCandidates(name: string): Generator<string> {
  const base = slugOf(name)
  if (!isReservedSlug(base)) yield base
  for (let number = 2; number <= 9; number += 1) yield `${base}-${number}`
  for (let attempt = 0; attempt < 8; attempt += 1) yield `${base}-${randomInt(36 ** 5, 36 ** 6).toString(36)}`
}
