import { passkeyWords } from "~/domain/accounts/passkey-words"
import type { SecondFactorRefusal } from "~/domain/sign-in/second-factor.server"
import { formatDuration } from "~/lib/format"

export type FactorShown = "totp" | "recovery_code" | "passkey"

/** What is said of a second factor that was refused. */
export function secondFactorWords(refused: SecondFactorRefusal, by: FactorShown): string {
  switch (refused.because) {
    case "locked":
      return `Too many wrong codes lately. The app’s codes work again in ${formatDuration(refused.retryAfterSeconds * 1_000)}; a recovery code works now.`
    case "disabled":
      return "This account is shut. Ask the person who runs this site."
    case "ended":
      return "This sign-in is over. Start again."
    case "malformed":
      return malformed[by]
    default: {
      const words = by === "passkey" ? passkeyWords[refused.because] : codeWords(refused.because, by)
      return `${words} ${refused.triesLeft === 1 ? "One more try." : `${refused.triesLeft} more tries.`}`
    }
  }
}

const malformed: Record<FactorShown, string> = {
  totp: "The code has six digits.",
  recovery_code: "A recovery code has ten letters and digits.",
  passkey: passkeyWords.malformed,
}

function codeWords(because: string, by: "totp" | "recovery_code"): string {
  if (because !== "used") return "That code does not fit."
  return by === "totp"
    ? "This code has been used already. Wait for the next one."
    : "This recovery code has been used already. Take another."
}
