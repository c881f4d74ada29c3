import { classNames } from "~/components/class-names"
import { initials } from "~/lib/format"

type Props = {
  /** A name, or the address where there is none. */
  name: string
  /** People are round, organisations stand under an arch. */
  shape?: "person" | "organization"
  size?: "small" | "medium" | "large"
}

const sizes = {
  small: "size-6 text-[0.625rem]",
  medium: "size-8 text-xs",
  large: "size-12 text-base",
} as const

/** The initials of a person or an organisation; decoration beside the name. */
export function Avatar({ name, shape = "person", size = "medium" }: Props) {
  return (
    <span
      aria-hidden
      className={classNames(
        "inline-flex shrink-0 select-none items-center justify-center border font-semibold",
        shape === "person"
          ? "rounded-full border-line bg-sunken text-ink-soft"
          : "arch border-lamp/30 bg-lamp-soft text-lamp",
        sizes[size],
      )}
    >
      {initials(name)}
    </span>
  )
}
