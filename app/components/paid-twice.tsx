import { useSupportEmail } from "~/components/app-name"
import { Banner } from "~/components/ui/banner"
import { Button } from "~/components/ui/button"
import { Form } from "~/components/ui/form"
import type { PaidPlan } from "~/domain/billing/billing-view"
import { plans } from "~/domain/billing/plans"
import { formatList } from "~/lib/format"
import { paths } from "~/lib/paths"

/** For owners: more than one plan goes on, and each is paid for. Nothing ends one of them unasked. */
export function PaidTwice({ slug, paidPlans }: { slug: string; paidPlans: readonly PaidPlan[] }) {
  const support = useSupportEmail()
  if (paidPlans.length < 2) return null
  return (
    <Banner tone="warn" title="This organisation pays for more than one plan">
      <p>
        {formatList(paidPlans.map(nameOf))} go on side by side, and each is paid for. Only the largest counts
        here. End the one you do not need
        {support ? `, and write to ${support} to have what was paid for it sent back.` : "."}
      </p>
      <div className="mt-3 flex flex-wrap gap-2">
        {paidPlans.map(plan => (
          <Form key={plan.subscriptionId} action={paths.organization.portal(slug)}>
            <input type="hidden" name="subscription" value={plan.subscriptionId} />
            <input type="hidden" name="flow" value="cancel" />
            <Button kind="secondary" size="small" pendingLabel="Opening…">
              End {nameOf(plan)}
            </Button>
          </Form>
        ))}
      </div>
    </Banner>
  )
}

function nameOf({ plan, interval }: PaidPlan): string {
  return `${plan ? plans[plan].name : "an unknown plan"} (${interval === "month" ? "monthly" : "yearly"})`
}
