import type { ReactNode } from "react"
import { classNames } from "~/components/class-names"
import { type Tone, tones } from "~/components/ui/tone"

type Props = {
  tone?: Tone
  title?: ReactNode
  /** A button or link that leads on. */
  action?: ReactNode
  /** Announced when it appears on a page that is already open. */
  live?: boolean
  children?: ReactNode
}

/** Something the reader of this page should know before anything else. */
export function Banner({ tone = "info", title, action, live, children }: Props) {
  const { Icon, word, box, mark } = tones[tone]
  return (
    <div
      role={live ? (tone === "bad" ? "alert" : "status") : undefined}
      className={classNames(
        "flex flex-wrap items-center gap-x-4 gap-y-3 rounded-md border px-4 py-3 text-sm",
        box,
      )}
    >
      <div className="flex min-w-60 flex-1 items-start gap-3">
        <Icon aria-hidden className={classNames("mt-px size-[1.125rem] shrink-0", mark)} />
        <div className="min-w-0">
          <span className="sr-only">{word}: </span>
          {title && <p className="font-semibold text-ink">{title}</p>}
          {children && <div className="text-ink">{children}</div>}
        </div>
      </div>
      {action}
    </div>
  )
}
