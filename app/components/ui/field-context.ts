import { createContext, useContext } from "react"

export type FieldState = {
  id: string
  name: string
  describedBy: string | undefined
  invalid: boolean
  /** What was typed before the form was refused. */
  typed: string | undefined
}

export const FieldContext = createContext<FieldState | undefined>(undefined)

/** The attributes that tie an input to the label, hint and error of the Field around it. */
export function useFieldInput() {
  const field = useContext(FieldContext)
  if (!field) throw new Error("An input belongs inside a Field, which names it.")
  const attributes = {
    id: field.id,
    name: field.name,
    "aria-describedby": field.describedBy,
    "aria-invalid": field.invalid ? (true as const) : undefined,
  }
  return { attributes, typed: field.typed }
}

/** How every text-like input looks. */
export const inputLook =
  "w-full rounded-md border border-edge bg-surface px-3 text-ink placeholder:text-ink-soft " +
  "hover:border-ink-soft aria-invalid:border-bad aria-invalid:outline-bad " +
  "focus-visible:border-lamp focus-visible:outline-offset-0 disabled:bg-sunken disabled:text-ink-soft"

/** The measures of a one-line input: large enough on a phone that it does not zoom. */
export const inputSize = "h-11 text-base sm:h-10 sm:text-sm"
