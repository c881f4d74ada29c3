import { Link, type LinkProps } from "@remix-run/react"
import { classNames } from "~/components/class-names"

/** A link in running text. */
export function TextLink({ className, ...link }: LinkProps) {
  return <Link {...link} className={classNames("link", className)} />
}
