import { type InputHTMLAttributes, type ReactNode, useId } from "react"
import { FieldNotes } from "~/components/ui/field"
import { fieldProblem, useFormState } from "~/components/ui/form-context"

type Props = InputHTMLAttributes<HTMLInputElement> & {
  name: string
  label: ReactNode
  hint?: ReactNode
  error?: string
}

/** A native checkbox with its label, hint and error. */
export function Checkbox({ name, label, hint, error, ...input }: Props) {
  const form = useFormState()
  const own = useId()
  const id = `${form.id || own}${name}${input.value ?? ""}`
  const wrong = error ?? fieldProblem(form.problem, name)
  return (
    <div className="flex flex-col gap-1.5">
      <label htmlFor={id} className="flex items-start gap-2.5 text-ink text-sm">
        <input
          {...input}
          type="checkbox"
          id={id}
          name={name}
          aria-invalid={wrong ? true : undefined}
          aria-describedby={
            [hint && `${id}-hint`, wrong && `${id}-error`].filter(Boolean).join(" ") || undefined
          }
          className="mt-0.5 size-4 shrink-0 accent-lamp"
        />
        {label}
      </label>
      <FieldNotes id={id} hint={hint} error={wrong} />
    </div>
  )
}
