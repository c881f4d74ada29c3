import type { FormProps } from "@remix-run/react"
import { type ComponentType, createContext, useContext } from "react"
import type { ProofAsked } from "~/lib/form-problem"

type Question = ComponentType<FormProps & { asked: ProofAsked; act?: string }>

/** The question that takes a form's place when fresh proof is owed. The shells bring it; public pages do without its weight. */
export const FormProof = createContext<Question | undefined>(undefined)

/** The question, when it is to be asked. */
export function useFormProof(asked: ProofAsked | undefined): Question | undefined {
  const Question = useContext(FormProof)
  if (asked && !Question) throw new Error("A form that may owe fresh proof belongs inside a shell.")
  return asked && Question
}
