import { classNames } from "~/components/class-names"
import type { Strength } from "~/domain/accounts/password-strength"

const words = ["Very easy to guess", "Easy to guess", "Fair", "Good", "Strong"]
const tones = ["bg-bad", "bg-bad", "bg-warn", "bg-good", "bg-good"]

/** Four marks, and the same in words. */
export function PasswordStrength({ strength, tooShort }: { strength?: Strength; tooShort: boolean }) {
  const score = tooShort ? 0 : strength?.score
  return (
    <div className="flex min-h-5 items-center gap-3">
      {score !== undefined && (
        <span aria-hidden className="grid w-32 shrink-0 grid-cols-4 gap-1">
          {[0, 1, 2, 3].map(mark => (
            <span
              key={mark}
              className={classNames("h-1 rounded-sm", mark < Math.max(1, score) ? tones[score] : "bg-line")}
            />
          ))}
        </span>
      )}
      <p role="status" className="text-ink-soft text-xs">
        {sentence(score, tooShort, strength)}
      </p>
    </div>
  )
}

function sentence(score: number | undefined, tooShort: boolean, strength?: Strength): string {
  if (tooShort) return "Too short"
  if (strength?.common) return "Among the first that are tried"
  return score === undefined ? "" : (words[score] ?? "")
}
