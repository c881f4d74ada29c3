import type { ReactNode } from "react"

/** Names and values, one under the other: what a plan is, when it renews. */
export function Facts({ items }: { items: readonly { label: string; value: ReactNode }[] }) {
  return (
    <dl className="-my-3 divide-y divide-line text-sm">
      {items.map(item => (
        <div key={item.label} className="grid gap-x-6 gap-y-0.5 py-3 sm:grid-cols-[minmax(8rem,14rem)_1fr]">
          <dt className="text-ink-soft">{item.label}</dt>
          <dd className="min-w-0 text-ink">{item.value}</dd>
        </div>
      ))}
    </dl>
  )
}
