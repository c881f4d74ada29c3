import { useState } from "react"
import { Button, ButtonLink } from "~/components/ui/button"
import { Field } from "~/components/ui/field"
import { Form } from "~/components/ui/form"
import { Honeypot } from "~/components/ui/honeypot"
import { TextInput } from "~/components/ui/text-input"
import type { FormProblem } from "~/lib/form-problem"
import { paths } from "~/lib/paths"

type Props = {
  problem?: FormProblem
  redirectTo?: string
  /** When this form was made, signed. */
  made: string
  /** There are passwords here: what was typed goes along to their page. */
  password: boolean
  /** What the browser may offer besides addresses. */
  autoComplete?: string
}

/** The one question of the sign-in page: the address a link goes to. */
export function SignInByMail({ problem, redirectTo, made, password, autoComplete = "email" }: Props) {
  const [email, setEmail] = useState("")
  return (
    <>
      <Form problem={problem} action={paths.signIn.start()}>
        <Field name="email" label="E-mail address">
          <TextInput
            type="email"
            autoComplete={autoComplete}
            inputMode="email"
            autoFocus
            required
            placeholder="you@example.com"
            onChange={({ currentTarget }) => setEmail(currentTarget.value)}
          />
        </Field>
        {redirectTo && <input type="hidden" name="redirectTo" value={redirectTo} />}
        <Honeypot time={{ name: "made", value: made }} />
        <Button size="large" wide pendingLabel="Sending…">
          E-mail me a link
        </Button>
      </Form>
      {password && (
        <ButtonLink
          kind="quiet"
          wide
          className="mt-3"
          to={paths.signIn.password(redirectTo)}
          state={{ email }}
        >
          Use a password instead
        </ButtonLink>
      )}
    </>
  )
}
