import CircleAlert from "lucide-react/icons/circle-alert"
import CircleCheck from "lucide-react/icons/circle-check"
import Info from "lucide-react/icons/info"
import TriangleAlert from "lucide-react/icons/triangle-alert"

export type Tone = "info" | "good" | "warn" | "bad"

/** How a message of each tone looks, and the word that tells it to those who cannot see the colour. */
export const tones = {
  info: { Icon: Info, word: "Note", box: "border-line bg-surface", mark: "text-ink-soft" },
  good: { Icon: CircleCheck, word: "Done", box: "border-good/30 bg-good-soft", mark: "text-good" },
  warn: { Icon: TriangleAlert, word: "Please note", box: "border-warn/30 bg-warn-soft", mark: "text-warn" },
  bad: { Icon: CircleAlert, word: "Problem", box: "border-bad/30 bg-bad-soft", mark: "text-bad" },
} as const
