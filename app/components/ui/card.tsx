import type { ReactNode } from "react"
import { classNames } from "~/components/class-names"

type Props = {
  title?: ReactNode
  lead?: ReactNode
  /** Set at the right of the title. */
  action?: ReactNode
  /** Set below a line, for what closes the card. */
  footer?: ReactNode
  /** Without padding, for a table inside. */
  flush?: boolean
  className?: string
  children?: ReactNode
}

/** A piece of a page that belongs together. */
export function Card({ title, lead, action, footer, flush, className, children }: Props) {
  return (
    <section className={classNames("overflow-clip rounded-md border border-line bg-surface", className)}>
      {(title || action) && (
        <header
          className={classNames(
            "flex flex-wrap items-start justify-between gap-3 px-5 pt-5",
            flush && "pb-4",
          )}
        >
          <div className="min-w-0">
            {title && <h2 className="text-base text-ink">{title}</h2>}
            {lead && <p className="mt-1 text-ink-soft text-sm">{lead}</p>}
          </div>
          {action}
        </header>
      )}
      {children && <div className={flush ? "" : "p-5"}>{children}</div>}
      {footer && (
        <footer className="border-line border-t bg-paper/60 px-5 py-4 text-ink-soft text-sm">{footer}</footer>
      )}
    </section>
  )
}
