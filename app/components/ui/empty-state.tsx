import type { ReactNode } from "react"

type Props = {
  icon?: ReactNode
  title: ReactNode
  /** What this place is for. */
  children?: ReactNode
  /** The first step. */
  action?: ReactNode
}

/** What stands where nothing is yet. */
export function EmptyState({ icon, title, children, action }: Props) {
  return (
    <div className="flex flex-col items-center px-4 py-6 text-center">
      <div
        aria-hidden
        className="arch mb-4 flex h-14 w-12 items-center justify-center border border-line bg-lamp-soft text-lamp [&>svg]:size-5"
      >
        {icon ?? <span className="size-2.5 rounded-full bg-lamp-glow" />}
      </div>
      <h2 className="text-base text-ink">{title}</h2>
      {children && <div className="mt-1 max-w-md text-ink-soft text-sm">{children}</div>}
      {action && <div className="mt-5">{action}</div>}
    </div>
  )
}
