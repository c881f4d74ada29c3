import { type FormProps, Form as RemixForm, useLocation } from "@remix-run/react"
import { useEffect, useId, useRef } from "react"
import { classNames } from "~/components/class-names"
import { PasskeyAnswer } from "~/components/passkey-answer"
import { Button, ButtonLink } from "~/components/ui/button"
import { CodeInput } from "~/components/ui/code-input"
import { Field } from "~/components/ui/field"
import { FormContext, useFormState } from "~/components/ui/form-context"
import { TextInput } from "~/components/ui/text-input"
import type { FormProblem, ProofAsked, ProofWay } from "~/lib/form-problem"
import { paths } from "~/lib/paths"

type Props = FormProps & {
  asked: ProofAsked
  /** What the button does, in its own words. */
  act?: string
  /** Where Cancel leads; back to this page unless given. */
  cancelTo?: string
}

/**
 * The question who it is, before a sensitive act [S5]. It posts everything the form held once more, with the proof. One way is
 * shown; the others are a button away. `<Form problem>` shows it by itself.
 */
export function FreshProof({ asked, act, cancelTo, className, ...form }: Props) {
  const { pathname, search } = useLocation()
  const { pending, sent } = useFormState()
  const id = useId()
  const place = useRef<HTMLFormElement>(null)
  const [way = "code", ...others] = asked.ways
  const problem: FormProblem = { fields: { [`proof_${way}`]: asked.error } }

  useEffect(() => {
    if (asked) place.current?.querySelector<HTMLElement>("[data-proof]")?.focus()
  }, [asked])

  return (
    <FormContext.Provider value={{ id, problem, pending, sent }}>
      <RemixForm
        method="post"
        noValidate
        {...form}
        ref={place}
        aria-labelledby={`${id}title`}
        className={classNames("grid grid-cols-[minmax(0,1fr)] gap-5", className)}
      >
        <div>
          <h2 id={`${id}title`} className="text-base text-ink">
            Confirm that it is you
          </h2>
          <p className="mt-1 text-ink-soft text-sm">{lead(way, asked)}</p>
        </div>
        {keyed(asked.entries).map(({ key, ...entry }) => (
          <input key={key} type="hidden" {...entry} />
        ))}
        {asked.kept && <input type="hidden" name="proof_kept" value={asked.kept} />}
        {asked.ways.length > 0 && <OneWay way={way} asked={asked} />}
        <div className="flex flex-wrap gap-3">
          {asked.ways.length > 0 && <Confirm way={way} sent={asked.sent ?? false} act={act} />}
          {asked.ways.length === 0 && (
            <ButtonLink to={paths.signIn.again(pathname + search)}>Sign in again</ButtonLink>
          )}
          <ButtonLink kind="quiet" to={cancelTo ?? pathname + search}>
            Cancel
          </ButtonLink>
        </div>
        <OtherWays ways={others} mayResend={way === "code" && asked.sent === true} />
      </RemixForm>
    </FormContext.Provider>
  )
}

function OneWay({ way, asked }: { way: ProofWay; asked: ProofAsked }) {
  switch (way) {
    case "code":
      if (!asked.sent) return null
      return (
        <Field name="proof_code" label="Code from the mail" hint="Six letters and digits.">
          <CodeInput data-proof required />
        </Field>
      )
    case "password":
      return (
        <Field name="proof_password" label="Your password">
          <TextInput data-proof type="password" autoComplete="current-password" required />
        </Field>
      )
    case "totp":
      return (
        <Field
          name="proof_totp"
          label="Code from your authenticator app"
          hint="Six digits. One of your recovery codes works as well."
        >
          <CodeInput data-proof required />
        </Field>
      )
    case "passkey":
      return (
        <div className="grid gap-2">
          {asked.error && (
            <p role="alert" className="font-medium text-bad text-xs">
              {asked.error}
            </p>
          )}
          {asked.passkey && <PasskeyAnswer name="proof_passkey" options={asked.passkey} />}
        </div>
      )
  }
}

/** The first submit button, so that Enter presses it. */
function Confirm({ way, sent, act = "Confirm" }: { way: ProofWay; sent: boolean; act?: string }) {
  if (way === "code" && !sent) {
    return (
      <Button data-proof name="proof_way" value="code" pendingLabel="Sending…">
        Mail me a code
      </Button>
    )
  }
  if (way === "passkey") return null
  return <Button pendingLabel="Checking…">{act}</Button>
}

const otherWays: Record<ProofWay, string> = {
  code: "Mail me a code",
  password: "Use my password",
  totp: "Use my authenticator app",
  passkey: "Use a passkey",
}

function OtherWays({ ways, mayResend }: { ways: ProofWay[]; mayResend: boolean }) {
  const offered = [...(mayResend ? (["code"] as const) : []), ...ways]
  if (offered.length === 0) return null
  return (
    <div className="flex flex-wrap gap-2">
      {offered.map(way => (
        <Button key={way} kind="quiet" size="small" name="proof_way" value={way} pendingLabel="One moment…">
          {mayResend && way === "code" ? "Send a new code" : otherWays[way]}
        </Button>
      ))}
    </div>
  )
}

function lead(way: ProofWay, { ways, sent, maskedEmail }: ProofAsked): string {
  const why = "The last time is a while ago."
  if (ways.length === 0) return `${why} Sign in once more, and come back.`
  if (way !== "code") return `${why} Then we go on where you were.`
  if (sent) return `${why} We have sent a code to ${maskedEmail}.`
  return `${why} We can send a code to ${maskedEmail}.`
}

/** The same name may come several times. */
function keyed(entries: ProofAsked["entries"]) {
  const seen = new Map<string, number>()
  return entries.map(([name, value]) => {
    const count = (seen.get(name) ?? 0) + 1
    seen.set(name, count)
    return { key: `${name} ${count}`, name, value }
  })
}
