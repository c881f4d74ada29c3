import { CodeInput } from "~/components/ui/code-input"
import { Field } from "~/components/ui/field"

/** What someone proves their second factor by, when they type it. */
export type TypedFactor = "totp" | "recovery_code"

/** The one field of a second factor: the code of the app, or one of those kept for the day it is gone. */
export function SecondFactorFields({ by }: { by: TypedFactor }) {
  return (
    <>
      <input type="hidden" name="by" value={by} />
      {by === "totp" ? (
        <Field name="code" label="Code from your authenticator app" hint="Six digits, new every 30 seconds.">
          <CodeInput inputMode="numeric" autoFocus required />
        </Field>
      ) : (
        <Field name="code" label="Recovery code" hint="One of the codes you kept when you set this up.">
          <CodeInput autoComplete="off" autoFocus required />
        </Field>
      )}
    </>
  )
}
