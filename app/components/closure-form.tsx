import { Button, ButtonLink } from "~/components/ui/button"
import { Card } from "~/components/ui/card"
import { Field } from "~/components/ui/field"
import { Form } from "~/components/ui/form"
import { Money } from "~/components/ui/money"
import { TextInput } from "~/components/ui/text-input"
import { TextLink } from "~/components/ui/text-link"
import { Time } from "~/components/ui/time"
import type { NextCharge } from "~/domain/billing/billing-view"
import type { PlanAtClosing } from "~/domain/billing/closing"
import type { FormProblem } from "~/lib/form-problem"
import { paths } from "~/lib/paths"

type Props = {
  slug: string
  name: string
  plan: PlanAtClosing
  credit: NextCharge | null
  grace: string
  problem?: FormProblem | null
}

/** Says what closing does and when, and asks for the name before it is done. */
export function ClosureForm({ slug, name, plan, credit, grace, problem }: Props) {
  return (
    <>
      <Card title="What happens">
        <ol className="flex list-decimal flex-col gap-3 pl-5 text-ink text-sm marker:text-ink-soft">
          <li>
            <PlanWords plan={plan} name={name} grace={grace} />
          </li>
          <li>
            Then nobody can work in {name} any more. Everyone’s own account, and their other organisations,
            stay as they are. All owners get a mail.
          </li>
          <li>
            For {grace} every owner can restore it with one click, with everything in it, or download what it
            holds.
          </li>
          <li>
            After that everything is erased for good: its people’s roles, invitations, settings and audit log.
            Only the numbers of its invoices are kept, because the law asks for them; the payment provider
            forgets its address and ways of paying, and keeps the invoices.
            <CreditWords credit={credit} plan={plan} />
          </li>
        </ol>
      </Card>
      <Card
        title="Confirm"
        footer={
          <>
            Would you like a copy first?{" "}
            <TextLink reloadDocument to={paths.organization.export(slug)}>
              Download everything
            </TextLink>
          </>
        }
      >
        <Form problem={problem} act="Close the organisation" className="max-w-md">
          <input type="hidden" name="intent" value="close" />
          <Field name="name" label={`Type “${name}” to go on`}>
            <TextInput autoComplete="off" autoCapitalize="none" spellCheck={false} required />
          </Field>
          <div className="flex flex-wrap gap-3">
            <Button kind="danger" pendingLabel="Closing…">
              Close the organisation
            </Button>
            <ButtonLink kind="quiet" to={paths.organization.danger(slug)}>
              Keep it open
            </ButtonLink>
          </div>
        </Form>
      </Card>
    </>
  )
}

function PlanWords({ plan, name, grace }: { plan: PlanAtClosing; name: string; grace: string }) {
  if (plan.fate === "none") return <>There is no plan, so there is nothing to pay.</>
  const confirmed = `${name} stays open until the payment provider has confirmed this.`
  if (plan.fate === "ends_at_once") return <>The plan ends at once. {confirmed}</>
  return (
    <>
      The plan is not renewed. It is paid until <Time at={plan.until} show="date" />; nothing more is charged.{" "}
      {plan.outlivesGrace && (
        <>It ends with the erasure, {grace} from now: the rest of the paid time is lost, without a refund. </>
      )}
      {confirmed}
    </>
  )
}

/** Where Stripe does not say whether there is one, it is said of any. */
function CreditWords({ credit, plan }: { credit: NextCharge | null; plan: PlanAtClosing }) {
  if (credit) {
    return (
      <strong className="font-semibold">
        {" "}
        The credit of <Money {...credit} /> is lost with it, and is not paid out.
      </strong>
    )
  }
  return plan.fate === "none" ? null : <> A credit that is left is lost with it, and is not paid out.</>
}
