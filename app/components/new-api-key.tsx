import { ApiKeyUse } from "~/components/api-key-use"
import { Banner } from "~/components/ui/banner"
import { Button, ButtonLink } from "~/components/ui/button"
import { Card } from "~/components/ui/card"
import { Checkbox } from "~/components/ui/checkbox"
import { CopyField } from "~/components/ui/copy-field"
import { Field } from "~/components/ui/field"
import { Form } from "~/components/ui/form"
import { fieldProblem, useFormState } from "~/components/ui/form-context"
import { Select } from "~/components/ui/select"
import { TextInput } from "~/components/ui/text-input"
import { type Lifetime, lifetimes } from "~/domain/organizations/api-key-schemas"
import { type ApiScope, apiScopes } from "~/domain/organizations/api-scopes"
import type { FormProblem } from "~/lib/form-problem"
import { paths } from "~/lib/paths"

const lifetimeWords: Record<Lifetime, string> = {
  30: "30 days",
  90: "90 days",
  365: "One year",
  none: "Until somebody revokes it",
}

type FormProps = {
  /** What whoever makes it may put into a key. */
  offered: readonly ApiScope[]
  problem?: FormProblem
}

/** What a key is made of. */
export function NewApiKeyForm({ offered, problem }: FormProps) {
  return (
    <Card
      title="Create a key"
      lead="It acts with your role, an admin’s at most, within what you tick, and ends when you leave the organisation."
      className="max-w-xl"
    >
      <Form problem={problem} act="Create the key">
        <Field name="name" label="Name" hint="Which program holds it, so that you know it again.">
          <TextInput autoComplete="off" maxLength={80} placeholder="Nightly export" required />
        </Field>
        <Scopes offered={offered} />
        <Field name="lifetime" label="Ends after">
          <Select
            defaultValue="90"
            options={lifetimes.map(value => ({ value, label: lifetimeWords[value] }))}
          />
        </Field>
        <div>
          <Button pendingLabel="Creating…">Create the key</Button>
        </div>
      </Form>
    </Card>
  )
}

function Scopes({ offered }: Pick<FormProps, "offered">) {
  const { problem } = useFormState()
  const ticked = (problem?.values?.scopes ?? "").split(",")
  return (
    <fieldset className="flex flex-col gap-3">
      <legend className="mb-2 font-medium text-ink text-sm">What it may do</legend>
      {offered.map((scope, i) => (
        <Checkbox
          key={scope}
          name="scopes"
          value={scope}
          label={apiScopes[scope].words}
          error={i === offered.length - 1 ? fieldProblem(problem, "scopes") : ""}
          defaultChecked={ticked.includes(scope)}
        />
      ))}
    </fieldset>
  )
}

type ToldProps = {
  slug: string
  name: string
  apiKey: string
  url: string
  /** Whoever made it is on their way through the guided set-up. */
  settingUp: boolean
}

/** A key, in the one moment it can be seen [A3]. */
export function ToldApiKey({ slug, name, apiKey, url, settingUp }: ToldProps) {
  const onward = settingUp ? paths.onboarding(slug) : paths.organization.apiKeys(slug)
  return (
    <Card
      title={`The key “${name}”`}
      className="max-w-xl"
      footer={<ButtonLink to={onward}>I have kept it</ButtonLink>}
    >
      <div role="status" className="flex flex-col gap-5">
        <Banner tone="warn" title="You see it now and never again">
          Keep it where your program finds it and nobody else: whoever holds it can do what it may.
        </Banner>
        <CopyField label="API key" text={apiKey} copyLabel="Copy" />
      </div>
      <ApiKeyUse url={url} />
    </Card>
  )
}
