import type { ProofFailure } from "~/domain/accounts/fresh-proof.server"
import type { ProofWay } from "~/lib/form-problem"
import { formatDuration } from "~/lib/format"

/** What is said of a proof that was refused. */
export function proofWords(way: ProofWay, failure: ProofFailure): string {
  if (failure.why === "limited") return `Too many tries. Try again in ${inWords(failure)}.`
  if (failure.why === "wrong" || way === "passkey") return wrongWords[way]
  return words[failure.why]
}

/** What is said when no more codes are mailed for a while. */
export function tooManyProofMails(wait: { retryAfterSeconds: number }): string {
  return `Too many codes were asked for. The newest one still works; the next can be sent in ${inWords(wait)}.`
}

const wrongWords: Record<ProofWay, string> = {
  code: "That is not the code we sent. Look at the newest mail and try again.",
  password: "That is not your password.",
  totp: "That code is not right. Type the newest one from your app, or one of your recovery codes.",
  passkey: "That passkey was not accepted. Try again, or confirm in another way.",
}

const words: Record<Exclude<ProofFailure["why"], "wrong" | "limited">, string> = {
  void: "Too many wrong codes. Ask for a new one.",
  expired: "This code has expired, or was used. Ask for a new one.",
  used: "This code was used already. Wait for the next one.",
  busy: "Many passwords are being checked at this moment. Try again in a few seconds, or confirm in another way.",
  none: "You cannot confirm in this way. Choose another.",
  ended: "You are signed out.",
}

const inWords = ({ retryAfterSeconds }: { retryAfterSeconds: number }) =>
  formatDuration(Math.ceil(retryAfterSeconds / 60) * 60_000)
