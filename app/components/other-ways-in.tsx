import { Children, type ReactNode } from "react"

/** Below a line that says "or": the ways in besides the one the page begins with. Nothing when there are none. */
export function OtherWaysIn({ children }: { children: ReactNode }) {
  if (Children.toArray(children).length === 0) return null
  return (
    <section aria-label="Other ways to sign in" className="mt-6">
      <p aria-hidden className="mb-6 flex items-center gap-3 text-ink-soft text-xs">
        <span className="h-px flex-1 bg-line" />
        or
        <span className="h-px flex-1 bg-line" />
      </p>
      <div className="flex flex-col gap-3">{children}</div>
    </section>
  )
}
