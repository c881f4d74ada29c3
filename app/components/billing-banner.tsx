import { Banner } from "~/components/ui/banner"
import { Time } from "~/components/ui/time"
import { WayOut } from "~/components/way-out"
import { type Banner as BillingNews, wayOutWords } from "~/domain/billing/banners"

type Props = {
  news: BillingNews
  slug: string
  mayPay: boolean
  /** Whom the others ask: "an owner". */
  whoPays: string
}

/** What is wrong with the plan, on every page of the organisation: who may pay gets the way out, the others whom to ask. */
export function BillingBanner({ news, slug, mayPay, whoPays }: Props) {
  const { tone, words, act, until } = news
  return (
    <Banner tone={tone} action={mayPay && act && <WayOut act={act} slug={slug} />}>
      {words}
      {until && <SeeToIt by={until} />}
      {act && !mayPay && ` Ask ${whoPays} to ${lowerFirst(wayOutWords[act])}.`}
    </Banner>
  )
}

/** Until when there is time. */
export function SeeToIt({ by }: { by: Date }) {
  return (
    <>
      {" "}
      Please see to it by <Time at={by} show="date" />.
    </>
  )
}

function lowerFirst(words: string): string {
  return words.charAt(0).toLowerCase() + words.slice(1)
}
