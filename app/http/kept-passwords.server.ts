import { z } from "zod"
import { fromNow, now } from "~/platform/clock.server"
import { seal, unseal } from "~/platform/sealed.server"

type Entries = [name: string, value: string][]

/** Where passwords are kept for: one session, and the form at one path. */
export type KeptFor = { sessionId: string; path: string }

const lifetime = 30 * 60 * 1000
const sealed = z.object({ until: z.number(), entries: z.array(z.tuple([z.string(), z.string()])) })

export const isPassword = (name: string): boolean => /password/i.test(name)

/** The passwords of a form that is to be posted once more, sealed: none is written into a page. */
export function keepPasswords(place: KeptFor, entries: Entries): string | undefined {
  const passwords = entries.filter(([name]) => isPassword(name))
  if (passwords.length === 0) return undefined
  return seal(purposeOf(place), JSON.stringify({ until: +fromNow(lifetime), entries: passwords }))
}

/** What was kept for this place, for half an hour; nothing of what was sealed for another, or not here. */
export function keptPasswords(place: KeptFor, kept: string): Entries {
  const text = unseal(purposeOf(place), kept)
  const read = text === undefined ? undefined : sealed.safeParse(JSON.parse(text))
  return read?.success && read.data.until > +now() ? read.data.entries : []
}

/** Whoever comes by the sealed text cannot use it: it opens on the same form in the same session only. */
function purposeOf({ sessionId, path }: KeptFor): string {
  return `passwords of a form that waits for proof ${sessionId} ${path}`
}
