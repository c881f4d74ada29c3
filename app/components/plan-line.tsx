import { TextLink } from "~/components/ui/text-link"
import { Time } from "~/components/ui/time"
import { paths } from "~/lib/paths"

type Props = {
  slug: string
  /** Its name; nothing before one is bought. */
  plan?: string
  status: string | null
  endsAt: Date | null
  mayPay: boolean
}

/** The plan in one line: its name, how it stands, when it ends, and for owners the way to billing. */
export function PlanLine({ slug, plan, status, endsAt, mayPay }: Props) {
  return (
    <>
      {plan ? `${plan}${status ? ` – ${status.toLowerCase()}` : ""}` : "No plan yet"}
      {endsAt && (
        <>
          , ends on <Time at={endsAt} show="date" />
        </>
      )}
      {mayPay && " · "}
      {mayPay && <TextLink to={paths.organization.billing(slug)}>{plan ? "Billing" : "Choose one"}</TextLink>}
    </>
  )
}
