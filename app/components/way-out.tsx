import { PaymentMethodButton } from "~/components/payment-method-button"
import { Button, ButtonLink } from "~/components/ui/button"
import { Form } from "~/components/ui/form"
import { type WayOutAct, wayOutWords } from "~/domain/billing/banners"
import { billingPaths } from "~/lib/billing-paths"
import { paths } from "~/lib/paths"

type Props = { act: WayOutAct; slug: string; primary?: boolean }

/** The button that leads out of a trouble with the plan. On the billing page it is the main one. */
export function WayOut({ act, slug, primary }: Props) {
  const look = primary ? {} : ({ kind: "secondary", size: "small" } as const)
  const label = wayOutWords[act]
  switch (act) {
    case "choose_plan":
      return (
        <ButtonLink {...look} to={paths.pricing({ org: slug })}>
          {label}
        </ButtonLink>
      )
    case "confirm_payment":
      return (
        <ButtonLink {...look} to={billingPaths.invoicePayment(slug)} reloadDocument>
          {label}
        </ButtonLink>
      )
    case "resume_plan":
      return (
        <Form action={billingPaths.resumption(slug)}>
          <Button {...look} pendingLabel="Resuming…">
            {label}
          </Button>
        </Form>
      )
    case "fix_payment":
      return <PaymentMethodButton slug={slug} primary={primary} />
  }
}
