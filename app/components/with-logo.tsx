import { pictureOf } from "~/components/organization-entries"
import { Avatar } from "~/components/ui/avatar"

/** The name of an organisation behind its logo, if it has one. */
export function WithLogo({ slug, name, logo }: { slug: string; name: string; logo: string | null }) {
  if (!logo) return name
  return (
    <span className="flex items-center gap-4">
      <Avatar name={name} shape="organization" size="large" picture={pictureOf({ slug, name, logo })} />
      <span className="min-w-0">{name}</span>
    </span>
  )
}
