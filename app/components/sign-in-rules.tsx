import { Banner } from "~/components/ui/banner"
import { ButtonLink } from "~/components/ui/button"
import { Checkbox } from "~/components/ui/checkbox"
import { fieldProblem, useFormState } from "~/components/ui/form-context"
import { RadioCards } from "~/components/ui/radio-cards"

type WaysInProps = {
  allowed: readonly string[]
  /** Those this installation has, each with the name people know it by. */
  offered: readonly { method: string; name: string }[]
}

/** Which ways in an organisation allows. The list shows once "Only these" is chosen, without JavaScript too. */
export function WaysIn({ allowed, offered }: WaysInProps) {
  const { problem } = useFormState()
  const typed = problem && (problem.values?.methods ?? "").split(",")
  const checked: readonly string[] = typed ?? allowed
  return (
    <div className="group flex flex-col gap-4">
      <RadioCards
        name="ways"
        legend="How members may sign in"
        hideLegend
        columns={2}
        defaultValue={allowed.length > 0 ? "only" : "any"}
        options={[
          {
            value: "any",
            title: "Any sign-in method",
            note: "Every one this installation offers, now and later.",
          },
          {
            value: "only",
            title: "Only these",
            note: "Members who came in by another method sign in again.",
          },
        ]}
      />
      <fieldset className="hidden flex-col gap-3 group-has-[input[value=only]:checked]:flex">
        <legend className="mb-2 font-medium text-ink text-sm">Allowed</legend>
        {offered.map(({ method, name }, i) => (
          <Checkbox
            key={method}
            name="methods"
            value={method}
            label={name}
            error={i === offered.length - 1 ? fieldProblem(problem, "methods") : ""}
            defaultChecked={checked.includes(method)}
          />
        ))}
      </fieldset>
    </div>
  )
}

type SecondFactorProps = {
  required: boolean
  /** Where whoever decides sets one up, while they have shown none themselves. */
  setUpOwn?: string
}

/** Whether members need a second factor; whoever asks for it without one is told before what it means for them [S11]. */
export function SecondFactor({ required, setUpOwn }: SecondFactorProps) {
  const { problem } = useFormState()
  const chosen = problem ? problem.values?.requireMfa === "on" : required
  return (
    <div className="flex flex-col gap-4">
      <Checkbox
        name="requireMfa"
        label="Ask every member for a second factor"
        hint="Members without one are led to set one up at their next visit."
        defaultChecked={chosen}
      />
      {setUpOwn && (
        <Banner
          tone={required ? "warn" : "info"}
          title="You came in without one yourself"
          action={
            <ButtonLink kind="secondary" size="small" to={setUpOwn}>
              Set up yours
            </ButtonLink>
          }
        >
          {required
            ? "This page stays open to you. The others of the organisation wait until you have one."
            : "If you ask for it, the other pages of the organisation wait until you have one; this page stays open to you."}
        </Banner>
      )}
    </div>
  )
}
