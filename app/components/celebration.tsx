import type { ReactNode } from "react"
import { PublicPage } from "~/components/page"
import { ButtonLink } from "~/components/ui/button"
import { paths } from "~/lib/paths"

type Props = { slug: string; organizationName: string; children?: ReactNode }

const sparks = ["a", "b", "c", "d", "e", "f", "g"]

/** The end of the guided set-up: the lamp is lit. Without motion it simply shines. */
export function Celebration({ slug, organizationName, children }: Props) {
  return (
    <PublicPage title="The lamp is lit" lead={`${organizationName} is set up. Come in.`}>
      <div className="flex flex-col items-center gap-8">
        <div aria-hidden className="lit-lamp my-6">
          {sparks.map(spark => (
            <span key={spark} className="spark" />
          ))}
        </div>
        {children && <div className="w-full">{children}</div>}
        <ButtonLink size="large" wide to={paths.organization.overview(slug)}>
          Open the overview
        </ButtonLink>
      </div>
    </PublicPage>
  )
}
