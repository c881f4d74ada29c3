/** What endpoints that have a link mailed take and answer. None ever answers the link. */
import { z } from "zod"
import type { Address } from "~/domain/accounts/addresses.server"
import type { Requester } from "~/domain/accounts/requester"
import { insideOnly } from "~/http/redirects.server"
import { markFor, type RequestMark, readMark } from "~/http/request-mark.server"
import { now } from "~/platform/clock.server"

/** An address of the longest kind, and what is put around it. */
const longestMark = 2_000

export const earlierRequest = z.string().max(longestMark).meta({
  description: "The `request` of the answer to asking for the link.",
})

export const redirectTo = z.string().max(2_000).meta({
  description: "Where to go on, signed in: a path of this installation. Any other is left out.",
})

export const LinkSent = z
  .object({
    status: z.literal("link_sent"),
    request: z.string().optional().meta({
      description:
        "Keep it where the link was asked for: there the code of the mail counts beside it, and what was chosen while registering. Only links to sign in have one.",
    }),
  })
  .meta({ id: "LinkSent", description: "The same for every address, whether it can sign in here or not." })

/** The answer to whoever asked. */
export function linkSent(mark?: RequestMark): z.input<typeof LinkSent> {
  return { status: "link_sent", ...(mark && { request: mark.token }) }
}

type Wish = { email: Address; redirectTo?: string; request?: string }

/** A wish for a link, with the mark of whoever asked: the one they have, when they ask again for the same address. */
export function askedBy({ email, redirectTo, request }: Wish, requester: Requester) {
  const mark = markFor(email.typed, readMark(request))
  const asked = {
    email: email.canonical,
    emailTyped: email.typed,
    redirectTo: insideOnly(redirectTo),
    requestHash: mark.hash,
    ...requester,
    requestedAt: now(),
  }
  return { asked, mark }
}
