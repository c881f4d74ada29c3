import { PaymentMethodButton } from "~/components/payment-method-button"
import { Banner } from "~/components/ui/banner"
import { Button } from "~/components/ui/button"
import { Form } from "~/components/ui/form"
import type { ChangeRefusal } from "~/domain/billing/plan-change"
import { paths } from "~/lib/paths"

const titles: Partial<Record<ChangeRefusal, string>> = {
  declined: "The payment was declined",
  to_confirm: "Your bank wants this payment confirmed",
  unsure: "Nobody knows yet whether the plan was changed",
}

type Props = { slug: string; refusal: ChangeRefusal; words: string }

/** Why the plan was not changed, and the way on. */
export function PlanRefused({ slug, refusal, words }: Props) {
  return (
    <Banner
      live
      tone="bad"
      title={titles[refusal] ?? "The plan was not changed"}
      action={<WayOn slug={slug} refusal={refusal} />}
    >
      {words}
    </Banner>
  )
}

function WayOn({ slug, refusal }: Pick<Props, "slug" | "refusal">) {
  if (refusal === "declined") return <PaymentMethodButton slug={slug} label="Update the way of paying" />
  if (refusal !== "to_confirm") return null
  return (
    <Form action={paths.organization.portal(slug)}>
      <input type="hidden" name="flow" value="plan" />
      <Button kind="secondary" size="small" pendingLabel="Opening…">
        Choose and confirm there
      </Button>
    </Form>
  )
}
