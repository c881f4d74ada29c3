import { useSupportEmail } from "~/components/app-name"
import { Banner } from "~/components/ui/banner"
import { Button } from "~/components/ui/button"
import { Field } from "~/components/ui/field"
import { Form } from "~/components/ui/form"
import { TextInput } from "~/components/ui/text-input"
import { TextLink } from "~/components/ui/text-link"
import type { PurchaseStatus } from "~/domain/billing/purchase"
import type { FormProblem } from "~/lib/form-problem"
import { paths } from "~/lib/paths"

type Props = { sessionId: string; purchase: PurchaseStatus; problem?: FormProblem }

/** For the browser that began the purchase, until somebody has got in: a mistyped address is mended here. */
export function CorrectAddress({ sessionId, purchase, problem }: Props) {
  if (!purchase.mayCorrect) return problem?.message ? <Banner tone="warn">{problem.message}</Banner> : null
  return (
    <details open={problem !== undefined} className="mt-6">
      <summary className="link cursor-pointer text-center text-sm">Wrong address? Correct it</summary>
      <Form action={paths.checkout.pending(sessionId)} problem={problem} className="mt-5">
        <Field name="email" label="E-mail address" hint="The link sent before stops working.">
          <TextInput
            type="email"
            inputMode="email"
            autoComplete="email"
            required
            defaultValue={purchase.email}
          />
        </Field>
        <Button kind="secondary" wide pendingLabel="Sending…">
          Use this address
        </Button>
      </Form>
    </details>
  )
}

/** What to do when no mail comes. */
export function NoMail({ purchase }: { purchase: PurchaseStatus }) {
  const support = useSupportEmail()
  return (
    <>
      No mail after a few minutes? Look in the spam folder, or{" "}
      <TextLink to={paths.activation.resend()}>have it sent again</TextLink>.
      {support && !purchase.mayCorrect && ` Bought with a wrong address? Write to ${support}.`}
    </>
  )
}
