import { Banner } from "~/components/ui/banner"
import { Checkbox } from "~/components/ui/checkbox"
import { fieldProblem, useFormState } from "~/components/ui/form-context"
import { RadioCards } from "~/components/ui/radio-cards"
import { secondFactors } from "~/domain/accounts/second-factors"
import { signInMethodList, signInMethods } from "~/domain/accounts/sign-in-methods"

/** Which ways in an organisation allows. The list shows once "Only these" is chosen, without JavaScript too. */
export function WaysIn({ allowed }: { allowed: readonly string[] }) {
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
        {signInMethodList.map((method, i) => (
          <Checkbox
            key={method}
            name="methods"
            value={method}
            label={signInMethods[method]}
            error={i === signInMethodList.length - 1 ? fieldProblem(problem, "methods") : ""}
            defaultChecked={checked.includes(method)}
          />
        ))}
      </fieldset>
    </div>
  )
}

/** Whether members need a second factor, and what that is worth at present. */
export function SecondFactor({ required }: { required: boolean }) {
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
      {secondFactors.length === 0 && (
        <Banner title="Not enforced yet">
          This installation has no second factor to set up so far. Your choice is kept, and counts as soon as
          there is one.
        </Banner>
      )}
    </div>
  )
}
