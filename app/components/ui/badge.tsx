import type { ReactNode } from "react"

export type BadgeTone = "plain" | "lamp" | "good" | "warn" | "bad"

const tones: Record<BadgeTone, string> = {
  plain: "bg-sunken text-ink-soft",
  lamp: "bg-lamp-soft text-lamp",
  good: "bg-good-soft text-good",
  warn: "bg-warn-soft text-warn",
  bad: "bg-bad-soft text-bad",
}

/** A state in a word or two. */
export function Badge({ tone = "plain", children }: { tone?: BadgeTone; children: ReactNode }) {
  return (
    <span
      className={`inline-flex items-center gap-1 whitespace-nowrap rounded-full px-2.5 py-0.5 font-medium text-xs ${tones[tone]}`}
    >
      {children}
    </span>
  )
}
