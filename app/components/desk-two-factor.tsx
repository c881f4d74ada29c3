import { Button } from "~/components/ui/button"
import { Card } from "~/components/ui/card"
import { Form } from "~/components/ui/form"
import type { FormProblem } from "~/lib/form-problem"

/** Lets someone in again who has lost phone and recovery codes alike. */
export function DeskTwoFactor({ name, problem }: { name: string; problem?: FormProblem }) {
  return (
    <Card
      title="Reset two-factor sign-in"
      lead={`For when phone and recovery codes are lost. Make sure that it is ${name} who asks: from then on their mailbox alone lets them in. They are signed out everywhere and get a mail.`}
    >
      <Form problem={problem}>
        <div>
          <Button kind="danger" name="intent" value="reset_two_factor" pendingLabel="Resetting…">
            Reset two-factor sign-in
          </Button>
        </div>
      </Form>
    </Card>
  )
}
