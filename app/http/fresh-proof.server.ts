/**
 * Asks for fresh proof before a sensitive act [S5]. A form that owes it is answered with itself: one more submit carries the proof
 * and, unchanged, what the person was about to do. Whatever is no form is led to a page of its own, or told so as JSON.
 */
import { type AppLoadContext, redirect } from "@remix-run/node"
import { maskAddress } from "~/domain/accounts/addresses.server"
import {
  giveProof,
  isFresh,
  mailProofCode,
  type ProofGiven,
  waysToProve,
} from "~/domain/accounts/fresh-proof.server"
import { proofOptions } from "~/domain/accounts/passkey-options.server"
import type { SignedIn } from "~/domain/accounts/sessions.server"
import { failureJson } from "~/http/failures.server"
import { type ReadForm, refuse } from "~/http/forms.server"
import { isPassword, type KeptFor, keepPasswords } from "~/http/kept-passwords.server"
import { proofWords, tooManyProofMails } from "~/http/proof-words.server"
import { isApiCall } from "~/http/request-target.server"
import { requesterOf } from "~/http/requester.server"
import { sessionCookie } from "~/http/session-cookie.server"
import { type ProofAsked, proofWays } from "~/lib/form-problem"
import { paths } from "~/lib/paths"

type Question = Omit<ProofAsked, "entries" | "kept">

type Asked = {
  request: Request
  context: AppLoadContext
  signedIn: SignedIn
  form: Pick<ReadForm<unknown>, "typed" | "entries" | "proof">
}

/**
 * Call it in an action once its form is read. Answers nothing when the last proof is fresh, or when the form carries one that
 * holds: the session then has a new id, whose cookie goes out by itself. Otherwise the answer of the action: the form refused
 * (403), which `<Form problem>` shows as the question who it is, and posts again with everything it held.
 */
export async function askFreshProof({ request, context, signedIn, form }: Asked) {
  if (isFresh(signedIn)) return undefined
  const requester = requesterOf(request, context)
  const here = { form, sessionId: signedIn.sessionId, path: new URL(request.url).pathname }
  const given = givenIn(form.proof)
  if (given) {
    const taken = await giveProof(signedIn, given, requester)
    if (taken.ok) {
      context.cookies.push(sessionCookie.serialize(taken.value.token))
      return undefined
    }
    if (taken.error.why === "ended") throw redirect(paths.signIn.start())
    return refuseWith(here, await asking(signedIn, given.way), proofWords(given.way, taken.error))
  }
  const asked = await asking(signedIn, form.proof.proof_way)
  const wantsMail = asked.ways[0] === "code"
  const mailed = wantsMail ? await mailProofCode(signedIn, requester) : undefined
  return refuseWith(here, asked, mailed?.ok === false ? tooManyProofMails(mailed.error) : undefined)
}

/** What a page shows that asks for proof and nothing else. */
export async function proofAsked(signedIn: SignedIn): Promise<Question> {
  return { ...(await asking(signedIn)), sent: false }
}

/** For pages and files that are opened, not posted: throws the way to the page that asks, and back. */
export function requireFreshProof(request: Request, signedIn: SignedIn, back?: string): void {
  if (isFresh(signedIn)) return
  const url = new URL(request.url)
  if (isApiCall(request)) throw failureJson("proof_needed")
  throw redirect(paths.account.proof(back ?? url.pathname + url.search), 303)
}

/** For what a page's script asks for as JSON: throws 403 with the code `proof_needed`, upon which the script goes to paths.account.proof. */
export function requireFreshProofJson(signedIn: SignedIn): void {
  if (!isFresh(signedIn)) throw failureJson("proof_needed")
}

function givenIn(proof: Record<string, string>): ProofGiven | undefined {
  for (const way of proofWays) {
    const value = proof[`proof_${way}`]?.trim()
    if (value && value.length <= longest) return { way, value }
  }
  return undefined
}

/** A passkey's answer is the longest. */
const longest = 16_384

async function asking(signedIn: SignedIn, wished?: string): Promise<Question> {
  const ways = await waysToProve(signedIn)
  const first = ways.find(way => way === wished)
  const ordered = first ? [first, ...ways.filter(way => way !== first)] : ways
  return {
    ways: ordered,
    sent: ordered[0] === "code",
    maskedEmail: maskAddress(signedIn.email),
    passkey: ordered[0] === "passkey" ? await proofOptions(signedIn.userId) : undefined,
  }
}

function refuseWith({ form, ...place }: KeptFor & Pick<Asked, "form">, asked: Question, error?: string) {
  const entries = form.entries.filter(([name]) => !isPassword(name))
  const problem = { proof: { ...asked, error, entries, kept: keepPasswords(place, form.entries) } }
  return refuse({ ok: true, value: undefined, ...form }, problem, { status: 403 })
}
