import { fieldProblem, useFormState } from "~/components/ui/form-context"

/** What is wrong with the whole form, and where. Silent when only one field is: that field says it itself. */
export function FormSummary() {
  const { id, problem } = useFormState()
  const wrong = Object.keys(problem?.fields ?? {}).filter(name => fieldProblem(problem, name))
  const listed = wrong.length > 1 ? wrong : []
  if (!problem?.message && listed.length === 0) return null
  return (
    <div
      data-form-summary
      role="alert"
      tabIndex={-1}
      className="rounded-md border border-bad/30 bg-bad-soft px-4 py-3 text-ink text-sm"
    >
      <p className="font-medium text-bad">{problem?.message ?? "Please look at these again:"}</p>
      {listed.length > 0 && (
        <ul className="mt-1.5 list-disc space-y-1 pl-5">
          {listed.map(name => (
            <li key={name}>
              <a href={`#${id}${name}`} className="underline underline-offset-2">
                {fieldProblem(problem, name)}
              </a>
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}
