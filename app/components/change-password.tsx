import { NewPassword } from "~/components/new-password"
import { Banner } from "~/components/ui/banner"
import { Button } from "~/components/ui/button"
import { Card } from "~/components/ui/card"
import { Form } from "~/components/ui/form"
import { Time } from "~/components/ui/time"
import type { FormProblem } from "~/lib/form-problem"

type Props = {
  person: { email: string; name: string }
  /** When the present password was set; undefined when there is none. */
  since?: Date | string
  /** This installation wants everyone to have one. */
  required: boolean
  /** Where the person was going when they were asked for one. */
  redirectTo?: string
  problem?: FormProblem
}

/** Sets a first password, or another. */
export function ChangePassword({ person, since, required, redirectTo, problem }: Props) {
  return (
    <>
      {!since && required && (
        <Banner tone="info">
          Everyone here has a password besides the link by e-mail. Choose yours, then go on.
        </Banner>
      )}
      <Card
        title={since ? "Change your password" : "Set a password"}
        lead={since ? <LastSet at={since} /> : "You have none yet."}
      >
        <Form problem={problem} className="max-w-md">
          <input type="hidden" name="intent" value="set" />
          {redirectTo && <input type="hidden" name="redirectTo" value={redirectTo} />}
          {/* By this, password managers know whose password it is. */}
          <input type="email" autoComplete="username" value={person.email} readOnly hidden />
          <NewPassword label="New password" about={[person.email, person.name]} />
          <p className="text-ink-soft text-sm">Saving signs you out on every other device.</p>
          <div>
            <Button pendingLabel="Saving…">{since ? "Change the password" : "Set the password"}</Button>
          </div>
        </Form>
      </Card>
    </>
  )
}

/** Goes back to signing in by mail. */
export function RemovePassword({ problem }: { problem?: FormProblem }) {
  return (
    <Card
      title="Remove your password"
      lead="You then sign in by e-mail, or in another way you have set up. You are signed out on every other device."
    >
      <Form problem={problem}>
        <input type="hidden" name="intent" value="remove" />
        <Button kind="secondary" pendingLabel="Removing…">
          Remove the password
        </Button>
      </Form>
    </Card>
  )
}

function LastSet({ at }: { at: Date | string }) {
  return (
    <>
      Last set <Time at={at} show="relative" />.
    </>
  )
}
