import { Button } from "~/components/ui/button"
import { Form } from "~/components/ui/form"
import { paths } from "~/lib/paths"

type Props = { slug: string; label?: string; primary?: boolean }

/** Opens the payment provider's page for the card, and nothing else. */
export function PaymentMethodButton({ slug, label = "Fix payment", primary }: Props) {
  return (
    <Form action={paths.organization.portal(slug)}>
      <input type="hidden" name="flow" value="payment_method" />
      <Button kind={primary ? "primary" : "secondary"} size="small" pendingLabel="Opening…">
        {label}
      </Button>
    </Form>
  )
}
