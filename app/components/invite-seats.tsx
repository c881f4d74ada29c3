import { Banner } from "~/components/ui/banner"
import { ButtonLink } from "~/components/ui/button"
import { type Seats, seatsLeft, seatsLeftWords } from "~/domain/billing/seat-words"
import { paths } from "~/lib/paths"

type Props = { slug: string; seats: Seats; mayPay: boolean }

/** How many more people the plan has room for, told before anything is sent [O6]. Nothing where there is no limit. */
export function InviteSeats({ slug, seats, mayPay }: Props) {
  const left = seatsLeft(seats)
  if (left === null) return null
  if (left > 0) return <p className="text-ink-soft text-sm">{seatsLeftWords(seats)}</p>
  return (
    <Banner
      tone="warn"
      title="No seat left"
      action={
        mayPay && (
          <ButtonLink kind="secondary" size="small" to={paths.organization.billing(slug)}>
            See the plan
          </ButtonLink>
        )
      }
    >
      {seatsLeftWords(seats)} {mayPay ? "Choose a larger plan" : "Ask an owner for a larger plan"}, or
      withdraw an invitation that is not needed.
    </Banner>
  )
}
