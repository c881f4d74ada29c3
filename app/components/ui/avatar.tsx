import { classNames } from "~/components/class-names"
import { initials } from "~/lib/format"

type Props = {
  /** A name, or the address where there is none. */
  name: string
  /** People are round, organisations stand under an arch. */
  shape?: "person" | "organization"
  size?: "small" | "medium" | "large" | "huge"
  /** The address of a square picture, in place of the initials. */
  picture?: string
  /** What the picture shows, where no name stands beside it. */
  label?: string
}

const sizes = {
  small: "size-6 text-[0.625rem]",
  medium: "size-8 text-xs",
  large: "size-12 text-base",
  huge: "size-20 text-lg",
} as const

const pictureLook = "inline-block shrink-0 rounded-sm border border-line bg-plate object-contain"

/** The initials of a person or an organisation, or its picture; decoration beside the name. */
export function Avatar({ name, shape = "person", size = "medium", picture, label = "" }: Props) {
  if (picture) return <img src={picture} alt={label} className={classNames(pictureLook, sizes[size])} />
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
