import type { ActionFunctionArgs } from "@remix-run/node"
import { z } from "zod"
import { countPasskeyCheck, forgivePasskeyCheck } from "~/domain/accounts/passkey-limit.server"
import { signInOptions } from "~/domain/accounts/passkey-options.server"
import { passkeyWords } from "~/domain/accounts/passkey-words"
import { signInWithPasskey } from "~/domain/sign-in/passkey-sign-in.server"
import { readForm } from "~/http/forms.server"
import { attemptOf, onward, signedInResponse } from "~/http/sign-in-attempt.server"
import type { FormProblem } from "~/lib/form-problem"
import { formatDuration } from "~/lib/format"

const Answer = z.object({ passkey: z.string(passkeyWords.malformed), redirectTo: z.string().optional() })

/** What a browser needs to ask for a passkey. Reading it changes nothing. */
export async function loader() {
  return Response.json(await signInOptions())
}

export async function action({ request, context }: ActionFunctionArgs) {
  const form = await readForm(request, Answer)
  if (!form.ok) return refused("malformed")
  const attempt = attemptOf(request, context)
  const { clientAddress } = attempt.requester
  const allowed = await countPasskeyCheck(clientAddress)
  if (!allowed.ok) return tooManyAnswers(allowed.error)
  const signedIn = await signInWithPasskey(form.value.passkey, attempt)
  if (!signedIn.ok) return refused(signedIn.error)
  await forgivePasskeyCheck(clientAddress)
  return signedInResponse(signedIn.value, onward(form.value.redirectTo))
}

const wordsFor = { ...passkeyWords, disabled: "This account is shut. Ask the person who runs this site." }

/** The page has sent it by script and says the sentence itself. */
function say(message: string, init: { status: number; headers?: HeadersInit }): Response {
  const problem: FormProblem = { message }
  return Response.json(problem, init)
}

function refused(why: keyof typeof wordsFor): Response {
  return say(wordsFor[why], { status: 400 })
}

function tooManyAnswers({ retryAfterSeconds }: { retryAfterSeconds: number }): Response {
  const words = `Too many attempts. Try again in ${formatDuration(retryAfterSeconds * 1000)}.`
  return say(words, { status: 429, headers: { "Retry-After": String(retryAfterSeconds) } })
}
