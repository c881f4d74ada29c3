import { type AppLoadContext, redirect } from "@remix-run/node"
import { nameOfProvider, type Provider } from "~/domain/accounts/providers.server"
import { type Arrival, whoCame } from "~/domain/sign-in/sso/arrival.server"
import { connectFromProvider, enterFromProvider } from "~/domain/sign-in/sso/enter.server"
import { type Begun, takeRequest } from "~/domain/sign-in/sso/requests.server"
import { forgiveSso } from "~/domain/sign-in/sso/sso-limit.server"
import { type SsoTrouble, troubleWords } from "~/domain/sign-in/sso/trouble"
import { optionalSession } from "~/http/guards.server"
import { insideOnly } from "~/http/redirects.server"
import { attemptOf, onward, signedInResponse } from "~/http/sign-in-attempt.server"
import { readSsoMark, writeWaiting } from "~/http/sso-cookies.server"
import { redirectWithToast } from "~/http/toast.server"
import { paths } from "~/lib/paths"

type Answer = { done: Response } | { why: SsoTrouble; redirectTo?: string }

/**
 * Answers a browser that came back from a provider: signed in, asked for its mailbox, connected, or told why not. Whatever the
 * address says counts only beside the mark of the browser that was sent, and once.
 */
export async function answerCallback(
  provider: Provider,
  request: Request,
  context: AppLoadContext,
): Promise<Answer> {
  const { searchParams } = new URL(request.url)
  const mark = readSsoMark(request)
  const [state] = searchParams.getAll("state")
  const begun = mark && state ? await takeRequest(provider, state, mark) : undefined
  if (!begun) return { why: "over" }
  const came = await whoCame(provider, searchParams, begun)
  if (begun.intent === "connect") return connect(provider, request, context, begun, came)
  const redirectTo = insideOnly(begun.redirectTo)
  if (!came.ok) return { why: came.error, redirectTo }
  const attempt = attemptOf(request, context)
  const entered = await enterFromProvider(came.value, { attempt, signedIn: optionalSession(request) })
  if (!entered.ok) return { why: entered.error, redirectTo }
  if (entered.value.kind === "entered") {
    await forgiveSso(context.clientAddress)
    return { done: signedInResponse(entered.value.entry, onward(redirectTo)) }
  }
  const { token, address } = entered.value
  const headers = { "Set-Cookie": writeWaiting(token, address?.typed) }
  return { done: redirect(paths.signIn.providerProof(redirectTo), { status: 303, headers }) }
}

/** A connection is made only in the session that asked for it. */
async function connect(
  provider: Provider,
  request: Request,
  context: AppLoadContext,
  begun: Begun,
  came: { ok: true; value: Arrival } | { ok: false; error: SsoTrouble },
): Promise<Answer> {
  const signedIn = optionalSession(request)
  if (!signedIn || signedIn.userId !== begun.userId) return { why: "over" }
  const name = nameOfProvider(provider)
  const say = (kind: "good" | "bad", words: string) =>
    redirectWithToast(paths.account.connections(), { kind, words }).then(done => ({ done }))
  if (!came.ok) return say("bad", troubleWords(came.error, name).words)
  const connected = await connectFromProvider(came.value, signedIn, attemptOf(request, context))
  if (!connected.ok) return say("bad", troubleWords(connected.error, name).words)
  await forgiveSso(context.clientAddress)
  return say(
    "good",
    connected.value === "already" ? `${name} was connected already.` : `${name} is connected.`,
  )
}
