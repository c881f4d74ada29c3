import { useEffect, useState } from "react"
import { useAppName } from "~/components/app-name"
import { PasswordStrength } from "~/components/password-strength"
import { Field } from "~/components/ui/field"
import { PasswordInput } from "~/components/ui/password-input"
import { lengthFlaw, normalizePassword, shortestPassword } from "~/domain/accounts/password-rules"
import type { Strength } from "~/domain/accounts/password-strength"

type Props = {
  label?: string
  /** Words that its guesser would try first; name and address in the same form count by themselves. */
  about?: readonly string[]
  autoFocus?: boolean
}

type Typed = { password: string; about: string[] }

/** The field for a new password. With JavaScript it shows, while typing, how hard it is to guess; the server decides. */
export function NewPassword({ label = "Password", about = [], autoFocus }: Props) {
  const appName = useAppName()
  const [typed, setTyped] = useState<Typed>()
  const strength = useStrength(typed)
  const tooShort = typed !== undefined && lengthFlaw(typed.password) === "short"
  return (
    <div className="flex flex-col gap-2">
      <Field
        name="password"
        label={label}
        hint={`At least ${shortestPassword} characters. A short sentence is easy to keep and hard to guess.`}
      >
        <PasswordInput
          autoComplete="new-password"
          required
          autoFocus={autoFocus}
          onChange={({ currentTarget }) => {
            const password = normalizePassword(currentTarget.value)
            setTyped(
              password
                ? { password, about: [...about, appName, ...neighbours(currentTarget.form)] }
                : undefined,
            )
          }}
        />
      </Field>
      <PasswordStrength strength={strength} tooShort={tooShort} />
    </div>
  )
}

/** Milliseconds without a key before it is judged: nobody wants every letter commented on. */
const pause = 250

function useStrength(typed: Typed | undefined): Strength | undefined {
  const [strength, setStrength] = useState<Strength>()
  useEffect(() => {
    if (!typed) return setStrength(undefined)
    let stale = false
    const timer = setTimeout(async () => {
      const found = await judge(typed)
      if (!stale) setStrength(found)
    }, pause)
    return () => {
      stale = true
      clearTimeout(timer)
    }
  }, [typed])
  return strength
}

/** Without the judge, which may not have come through, nothing is shown. */
async function judge({ password, about }: Typed): Promise<Strength | undefined> {
  try {
    const { strengthOf } = await import("~/domain/accounts/password-strength")
    return strengthOf(password, about)
  } catch {
    return undefined
  }
}

function neighbours(form: HTMLFormElement | null): string[] {
  const fields = form ? new FormData(form) : new FormData()
  return ["name", "email"].map(name => fields.get(name)).filter(value => typeof value === "string")
}
