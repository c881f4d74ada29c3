/** Signing in with what was mailed, as every endpoint that takes a link or a code does it. */
import type { AppLoadContext } from "@remix-run/node"
import { z } from "zod"
import type { Requester } from "~/domain/accounts/requester"
import { countCheck, forgiveRequestedLink } from "~/domain/sign-in/check-limit.server"
import { type SignInOutcome, signInWithLink } from "~/domain/sign-in/email-link.server"
import { registrationEnds } from "~/domain/sign-in/registration.server"
import { linkRefusal } from "~/http/api/link-refusal.server"
import { tooManyJson } from "~/http/api/refusals.server"
import { answerEntry, SecondFactorOwed, Tokens } from "~/http/api/tokens.server"
import { insideOnly } from "~/http/redirects.server"

const beside = {
  redirectTo: z.string().nullable().meta({
    description: "Where the link was to lead: a path of this installation.",
  }),
  registration: z.enum(registrationEnds).optional().meta({
    description:
      "What became of name and password, when registering asked for the link. `elsewhere`: dropped, as the link was not used with the `request` it was asked for. `has_account`: dropped, as the account was there already.",
  }),
}

/** What signing in by mail answers. */
export const MailedSignIn = z.discriminatedUnion("status", [
  Tokens.extend(beside).meta({ id: "TokensByMail", description: "The refresh token comes as a cookie." }),
  SecondFactorOwed.extend(beside).meta({ id: "SecondFactorOwedByMail" }),
])

export type Answering = { request: Request; context: AppLoadContext; requester: Requester }

/** Answers a way in that worked. */
export async function answerOutcome(
  { entry, redirectTo, registration }: SignInOutcome,
  call: Answering,
): Promise<z.input<typeof MailedSignIn>> {
  return { ...(await answerEntry(entry, call)), redirectTo: insideOnly(redirectTo) ?? null, registration }
}

/** Counts one try at a link or code [L16]. Throws the 429. */
export async function countCheckJson({ requester }: Answering): Promise<void> {
  const allowed = await countCheck(requester.clientAddress)
  if (!allowed.ok) throw tooManyJson(allowed.error)
}

/** Signs in by a link. Throws why not. */
export async function signInByLink(
  { token, request }: { token: string; request?: string },
  call: Answering,
): Promise<z.input<typeof MailedSignIn>> {
  const { requester } = call
  await countCheckJson(call)
  const entered = await signInWithLink(token, { requester, requestToken: request })
  if (!entered.ok) throw await linkRefusal(entered.error, token)
  await forgiveRequestedLink(requester.clientAddress)
  return answerOutcome(entered.value, call)
}
