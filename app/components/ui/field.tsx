import CircleAlert from "lucide-react/icons/circle-alert"
import { type ReactNode, useId } from "react"
import { FieldContext } from "~/components/ui/field-context"
import { fieldProblem, useFormState } from "~/components/ui/form-context"

type Props = {
  name: string
  label: ReactNode
  /** Said before anything is wrong. */
  hint?: ReactNode
  /** Taken from the form's problem by name unless given. */
  error?: string
  optional?: boolean
  /** Only for the eyes of screen readers. */
  hideLabel?: boolean
  children: ReactNode
}

/** A label, one input (TextInput, Select, CodeInput), its hint and its error, tied together. */
export function Field({ name, label, hint, error, optional, hideLabel, children }: Props) {
  const form = useFormState()
  const own = useId()
  const id = `${form.id || own}${name}`
  const wrong = error ?? fieldProblem(form.problem, name)
  const describedBy = [hint && `${id}-hint`, wrong && `${id}-error`].filter(Boolean).join(" ") || undefined
  const field = { id, name, describedBy, invalid: Boolean(wrong), typed: form.problem?.values?.[name] }
  return (
    <FieldContext.Provider value={field}>
      <div className="flex flex-col gap-1.5">
        <label htmlFor={id} className={hideLabel ? "sr-only" : "font-medium text-ink text-sm"}>
          {label}
          {optional && <span className="font-normal text-ink-soft"> (optional)</span>}
        </label>
        {children}
        <FieldNotes id={id} hint={hint} error={wrong} />
      </div>
    </FieldContext.Provider>
  )
}

/** The hint and the error of a field; the error is announced when it appears. */
export function FieldNotes({ id, hint, error }: { id: string; hint?: ReactNode; error?: string }) {
  return (
    <>
      {hint && (
        <p id={`${id}-hint`} className="text-ink-soft text-xs">
          {hint}
        </p>
      )}
      <p
        id={`${id}-error`}
        aria-live="polite"
        className="flex items-start gap-1.5 font-medium text-bad text-xs empty:hidden"
      >
        {error && (
          <>
            <CircleAlert className="mt-0.5 size-4 shrink-0" aria-hidden />
            {error}
          </>
        )}
      </p>
    </>
  )
}
