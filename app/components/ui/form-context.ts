import { createContext, useContext } from "react"
import type { FormProblem } from "~/lib/form-problem"

export type FormState = {
  /** Prefix of the ids of the form's fields. */
  id: string
  problem: FormProblem | undefined
  /** The form is on its way to the server. */
  pending: boolean
  /** What the pending submission carries. */
  sent: FormData | undefined
}

export const FormContext = createContext<FormState>({
  id: "",
  problem: undefined,
  pending: false,
  sent: undefined,
})

/** The state of the form around a component. */
export function useFormState(): FormState {
  return useContext(FormContext)
}

/** The first sentence said about a field, if any. */
export function fieldProblem(problem: FormProblem | undefined, name: string): string | undefined {
  const said = problem?.fields?.[name]
  return Array.isArray(said) ? said[0] : said
}
