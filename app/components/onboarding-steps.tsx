import type { ReactNode } from "react"
import { InviteFields } from "~/components/invite-fields"
import { InviteSeats } from "~/components/invite-seats"
import { Button, ButtonLink } from "~/components/ui/button"
import { Field } from "~/components/ui/field"
import { Form } from "~/components/ui/form"
import { TextInput } from "~/components/ui/text-input"
import type { Seats } from "~/domain/billing/seat-words"
import type { Progress, StepId } from "~/domain/onboarding/steps"
import type { Role } from "~/domain/organizations/roles"
import type { FormProblem } from "~/lib/form-problem"
import { paths } from "~/lib/paths"

type Known = {
  slug: string
  organizationName: string
  personName: string
  grantable: readonly Role[]
  seats: Seats
  mayPay: boolean
}

/** A step is a form, or leads to the page where its work is done anyway. */
type Asked =
  | { fields: (known: Known) => ReactNode; button: string }
  | { to: (slug: string) => string; link: string }

/** What each step asks for. A further step is one entry. */
const asked: Record<StepId, Asked> = {
  profile: {
    fields: ({ personName }) => (
      <Field name="name" label="Your name">
        <TextInput autoComplete="name" maxLength={80} defaultValue={personName} required />
      </Field>
    ),
    button: "Save my name",
  },
  workspace: {
    fields: ({ slug, organizationName }) => (
      <Field
        name="name"
        label="Name of the organisation"
        hint={`Its address is ${paths.organization.overview(slug)}.`}
      >
        <TextInput autoComplete="organization" maxLength={80} defaultValue={organizationName} required />
      </Field>
    ),
    button: "That is right",
  },
  invite_member: {
    fields: ({ grantable, ...seats }) => (
      <>
        <InviteFields roles={grantable} />
        <InviteSeats {...seats} />
      </>
    ),
    button: "Send invitations",
  },
  first_workflow: { to: paths.organization.apiKeys, link: "Create a key" },
}

/** The form of the step that is next. */
export function StepForm({
  progress,
  problem,
  ...known
}: Known & { progress: Progress; problem?: FormProblem }) {
  const step = progress.current
  if (!step) return null
  const how = asked[step]
  if ("to" in how) {
    return (
      <ButtonLink size="large" wide to={how.to(known.slug)}>
        {how.link}
      </ButtonLink>
    )
  }
  const { fields, button } = how
  return (
    <Form problem={problem} action={paths.onboarding(known.slug)}>
      <input type="hidden" name="org" value={known.slug} />
      <input type="hidden" name="step" value={step} />
      {fields(known)}
      <Button size="large" wide pendingLabel="Saving…">
        {button}
      </Button>
    </Form>
  )
}
