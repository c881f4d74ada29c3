import { type FormProps, Form as RemixForm, useFormAction, useNavigation } from "@remix-run/react"
import { type ReactNode, useEffect, useId, useRef } from "react"
import { classNames } from "~/components/class-names"
import { FormContext, type FormState } from "~/components/ui/form-context"
import { useFormProof } from "~/components/ui/form-proof"
import { FormSummary } from "~/components/ui/form-summary"
import type { FormProblem } from "~/lib/form-problem"

type Props = FormProps & {
  /** What the action answered when it refused: `useActionData()`. */
  problem?: FormProblem | null
  /** The words of its button, for the question who it is: what is confirmed keeps its name. */
  act?: string
  children: ReactNode
}

/**
 * A form that posts with or without JavaScript. Fields inside find their error and what was typed by their name,
 * buttons know when they are on their way. After a refusal the summary, or the one wrong field, takes the focus. When fresh proof
 * is owed, the question who it is takes the form's place, and posts it again.
 */
export function Form({ problem, act, children, className, ...form }: Props) {
  const id = useId()
  const state = usePending(form.action, form.method ?? "post")
  const place = useRef<HTMLFormElement>(null)
  const said = problem ?? undefined
  const FreshProof = useFormProof(said?.proof)

  useEffect(() => {
    if (said && !said.proof) focusOnProblem(place.current)
  }, [said])

  return (
    <FormContext.Provider value={{ id, problem: said, ...state }}>
      <RemixForm
        method="post"
        noValidate
        {...form}
        ref={place}
        hidden={Boolean(said?.proof)}
        className={classNames("grid grid-cols-[minmax(0,1fr)] gap-5", className)}
      >
        <FormSummary />
        {children}
      </RemixForm>
      {FreshProof && said?.proof && (
        <FreshProof {...form} asked={said.proof} act={act} className={className} />
      )}
    </FormContext.Provider>
  )
}

/** Several mistakes are listed in the summary; a single one is best met at its field. */
function focusOnProblem(form: HTMLFormElement | null) {
  const summary = form?.querySelector<HTMLElement>("[data-form-summary]")
  const field = form?.querySelector<HTMLElement>("[aria-invalid=true]")
  const target = summary ?? field
  target?.focus()
}

function usePending(action: string | undefined, method: string): Pick<FormState, "pending" | "sent"> {
  const navigation = useNavigation()
  const target = useFormAction(action)
  const pending =
    navigation.state !== "idle" &&
    navigation.formAction === target &&
    navigation.formMethod?.toLowerCase() === method.toLowerCase()
  return { pending, sent: pending ? navigation.formData : undefined }
}
