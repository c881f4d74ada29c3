import { Banner } from "~/components/ui/banner"
import { ButtonLink } from "~/components/ui/button"
import { Time } from "~/components/ui/time"
import { paths } from "~/lib/paths"

type Props = { slug: string; since: Date; trouble: string | null }

/** For owners, on every page: someone wants the organisation closed, and it waits. */
export function ClosingBanner({ slug, since, trouble }: Props) {
  return (
    <Banner
      tone="warn"
      action={
        <ButtonLink kind="secondary" size="small" to={paths.organization.closure(slug)}>
          See how it stands
        </ButtonLink>
      }
    >
      This organisation is being closed, since <Time at={since} />.{" "}
      {trouble ? `It stays open until the plan is ended. ${trouble}` : "The plan is being ended."}
    </Banner>
  )
}
