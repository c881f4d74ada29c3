import { Banner } from "~/components/ui/banner"
import { Time } from "~/components/ui/time"
import type { CollectionPause } from "~/domain/billing/collection-pause"

type Props = { id: string; pause: CollectionPause }

/** For the operator: a plan that looks paid for, and costs nothing. */
export function CollectionPaused({ id, pause: { invoices, until } }: Props) {
  return (
    <Banner tone="warn" title="No money is collected">
      Somebody paused the collection of payments for <code className="break-all">{id}</code> at Stripe. Its
      status stays as it is, and so does its access; its invoices are {invoices},{" "}
      {until ? "until " : "until somebody resumes it."}
      {until && <Time at={until} show="date" />}
      {until && "."}
    </Banner>
  )
}
