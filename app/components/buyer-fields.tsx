import { Field } from "~/components/ui/field"
import { RadioCards } from "~/components/ui/radio-cards"
import { TextInput } from "~/components/ui/text-input"
import { newOrganization } from "~/domain/billing/purchase"

type Props = {
  /** The address of someone who is signed in. */
  email?: string
  /** Organisations of theirs the plan may be for. */
  choices: readonly { slug: string; name: string }[]
  /** What was typed the last time. */
  typed?: { businessName: string; email: string }
}

/** Who buys, and for which organisation. */
export function BuyerFields({ email, choices, typed }: Props) {
  const chooses = choices.length > 0
  return (
    <>
      {chooses && (
        <RadioCards
          name="organization"
          legend="Which organisation is the plan for?"
          defaultValue={choices[0]?.slug}
          options={[
            ...choices.map(({ slug, name }) => ({ value: slug, title: name })),
            { value: newOrganization, title: "A new organisation" },
          ]}
        />
      )}
      <Field
        name="businessName"
        label={chooses ? "Name of the new organisation" : "Business name"}
        hint={
          chooses
            ? "Only for a new one. You can change it later."
            : "Shown to the people you work with. You can change it later."
        }
      >
        <TextInput
          autoComplete="organization"
          required={!chooses}
          maxLength={80}
          defaultValue={typed?.businessName}
        />
      </Field>
      {email ? (
        <p className="text-ink-soft text-sm">
          Bought with your account <strong className="font-medium text-ink">{email}</strong>.
        </p>
      ) : (
        <Field name="email" label="E-mail address" hint="The link to start goes here.">
          <TextInput
            type="email"
            inputMode="email"
            autoComplete="email"
            required
            placeholder="you@example.com"
            defaultValue={typed?.email}
          />
        </Field>
      )}
    </>
  )
}
