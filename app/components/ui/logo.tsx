import { useAppName } from "~/components/app-name"
import { classNames } from "~/components/class-names"

/** The mark: a small arch with one lamp lit. `label` names it where no word stands beside it. */
export function LogoMark({ className, label }: { className?: string; label?: string }) {
  return (
    <svg
      viewBox="0 0 32 32"
      className={classNames("size-8 shrink-0", className)}
      role={label ? "img" : undefined}
      aria-label={label}
      aria-hidden={label ? undefined : true}
    >
      <path
        d="M4.5 29V15.5a11.5 11.5 0 0 1 23 0V29"
        fill="none"
        stroke="currentColor"
        strokeWidth="3"
        strokeLinecap="round"
      />
      <path d="M16 4.5v7" stroke="currentColor" strokeWidth="1.5" />
      <circle cx="16" cy="16" r="7.5" className="fill-lamp-glow" opacity="0.28" />
      <circle cx="16" cy="16" r="4.25" className="fill-lamp-glow" />
    </svg>
  )
}

/** The mark with the name of the installation beside it. */
export function Logo({ className }: { className?: string }) {
  return (
    <span className={classNames("inline-flex items-center gap-2.5 leading-none text-ink", className)}>
      <LogoMark className="size-7" />
      <span className="font-semibold text-base tracking-tight">{useAppName()}</span>
    </span>
  )
}
