import { Link, type LinkProps } from "@remix-run/react"
import type { ButtonHTMLAttributes, ReactNode } from "react"
import { classNames } from "~/components/class-names"
import { useFormState } from "~/components/ui/form-context"
import { Spinner } from "~/components/ui/spinner"

export type ButtonKind = "primary" | "secondary" | "quiet" | "danger"
export type ButtonSize = "small" | "medium" | "large"

type Look = {
  /** `primary` is the one lamp of a page: use it once. */
  kind?: ButtonKind
  size?: ButtonSize
  /** As wide as its column. */
  wide?: boolean
  icon?: ReactNode
}

const kinds: Record<ButtonKind, string> = {
  primary: "border-lamp/60 bg-lamp-glow text-lamp-ink hover:border-lamp active:brightness-95",
  secondary: "border-edge/60 bg-surface text-ink hover:bg-sunken",
  quiet: "border-transparent text-ink-soft hover:bg-sunken hover:text-ink",
  danger: "border-transparent bg-bad-fill text-bad-ink hover:brightness-110",
}

const sizes: Record<ButtonSize, string> = {
  small: "h-8 gap-1.5 px-3 text-xs pointer-coarse:h-10",
  medium: "h-10 gap-2 px-4 text-sm pointer-coarse:h-11",
  large: "h-12 gap-2 px-5 text-base",
}

/** The class names of a button, for the rare element that only looks like one. */
export function buttonLook({ kind = "primary", size = "medium", wide }: Look): string {
  return classNames(
    "inline-flex shrink-0 select-none items-center justify-center whitespace-nowrap rounded-md border font-semibold",
    "no-underline transition-colors aria-disabled:opacity-60 disabled:opacity-60",
    kinds[kind],
    sizes[size],
    wide ? "w-full" : "justify-self-start",
  )
}

type ButtonProps = Look & ButtonHTMLAttributes<HTMLButtonElement> & { pendingLabel?: ReactNode }

/** A button. Inside a Form it shows that it is on its way and takes no second click. */
export function Button({
  kind,
  size,
  wide,
  icon,
  pendingLabel,
  className,
  children,
  onClick,
  ...button
}: ButtonProps) {
  const pending = usePendingButton(button)
  return (
    <button
      type="submit"
      {...button}
      aria-disabled={pending || undefined}
      onClick={event => (pending ? event.preventDefault() : onClick?.(event))}
      className={classNames(buttonLook({ kind, size, wide }), className)}
    >
      {pending ? <Spinner /> : icon}
      {pending && pendingLabel ? pendingLabel : children}
    </button>
  )
}

/** A link that looks like a button. */
export function ButtonLink({ kind, size, wide, icon, className, children, ...link }: Look & LinkProps) {
  return (
    <Link {...link} className={classNames(buttonLook({ kind, size, wide }), className)}>
      {icon}
      {children}
    </Link>
  )
}

/** Of several submit buttons only the pressed one is pending. */
function usePendingButton({ type, name, value }: ButtonHTMLAttributes<HTMLButtonElement>): boolean {
  const { pending, sent } = useFormState()
  if (!pending || (type && type !== "submit")) return false
  return !name || value === undefined || (sent?.getAll(name).includes(String(value)) ?? false)
}
