import { Button } from "~/components/ui/button"
import { Card } from "~/components/ui/card"
import { Field } from "~/components/ui/field"
import { Form } from "~/components/ui/form"
import { TextInput } from "~/components/ui/text-input"
import type { FormProblem } from "~/lib/form-problem"

/** Where mail about payments goes besides the owners, for those who decide it. */
export function BillingAddress({ address, problem }: { address: string | null; problem?: FormProblem }) {
  return (
    <Card title="Billing e-mail" lead="Receipts, invoices and news of payments go there, too.">
      <Form problem={problem} className="max-w-md">
        <Field
          name="email"
          label="E-mail address"
          optional
          hint="Leave it empty to send them to the owners only."
        >
          <TextInput
            type="email"
            inputMode="email"
            autoComplete="off"
            defaultValue={address ?? ""}
            maxLength={254}
          />
        </Field>
        <div>
          <Button kind="secondary" pendingLabel="Saving…">
            Save the billing e-mail
          </Button>
        </div>
      </Form>
    </Card>
  )
}
