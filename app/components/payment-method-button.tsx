import { Button } from "~/components/ui/button"
import { Form } from "~/components/ui/form"
import { wayOutWords } from "~/domain/billing/banners"
import { paths } from "~/lib/paths"

type Props = { slug: string; label?: string; primary?: boolean | undefined }

/** Opens the payment provider's page for the card, and nothing else. */
export function PaymentMethodButton({ slug, label = wayOutWords.fix_payment, primary }: Props) {
  return (
    <Form action={paths.organization.portal(slug)}>
      <input type="hidden" name="flow" value="payment_method" />
      <Button {...(!primary && { kind: "secondary", size: "small" })} pendingLabel="Opening…">
        {label}
      </Button>
    </Form>
  )
}
