import { Banner } from "~/components/ui/banner"
import { Button, ButtonLink } from "~/components/ui/button"
import { Card } from "~/components/ui/card"
import { Field } from "~/components/ui/field"
import { Form } from "~/components/ui/form"
import { TextInput } from "~/components/ui/text-input"
import { TextLink } from "~/components/ui/text-link"
import type { FormProblem } from "~/lib/form-problem"
import { paths } from "~/lib/paths"

type Obstacle =
  | { because: "last_owner"; organizations: readonly { slug: string; name: string }[] }
  | { because: "last_operator" }

/** What has to be done first. */
export function DeletionBlocked({ obstacle }: { obstacle: Obstacle }) {
  if (obstacle.because === "last_operator") {
    return (
      <Banner tone="warn" title="You are the only operator">
        Nobody could run this site without you. Make somebody else an operator first.
      </Banner>
    )
  }
  return (
    <Card
      title="You are the only owner"
      lead="Hand these organisations over, or close them, and then come back."
    >
      <ul className="divide-y divide-line text-sm">
        {obstacle.organizations.map(({ slug, name }) => (
          <li key={slug} className="flex flex-wrap items-center justify-between gap-3 py-3">
            <span className="min-w-0 break-words font-medium text-ink">{name}</span>
            <span className="flex flex-wrap gap-2">
              <ButtonLink kind="secondary" size="small" to={paths.organization.transfer(slug)}>
                Hand over<span className="sr-only"> {name}</span>
              </ButtonLink>
              <ButtonLink kind="quiet" size="small" to={paths.organization.closure(slug)}>
                Close<span className="sr-only"> {name}</span>
              </ButtonLink>
            </span>
          </li>
        ))}
      </ul>
    </Card>
  )
}

/** What goes and what stays, and the button. */
export function DeletionForm({ email, problem }: { email: string; problem?: FormProblem }) {
  return (
    <>
      <Card title="What happens">
        <ol className="list-decimal space-y-2 pl-5 text-ink text-sm">
          <li>You leave your organisations. Invitations you sent are withdrawn.</li>
          <li>
            Your name, addresses, devices, ways in and history are removed, here and from our mail log. There
            is no way back.
          </li>
          <li>
            What you bought, and what you did in an organisation, stays in its records under a pseudonym. If
            mail to you bounced, an unreadable mark of your address stays, so that nobody writes to it.
          </li>
        </ol>
      </Card>
      <Card
        title="Confirm"
        footer={
          <>
            Would you like a copy first?{" "}
            <TextLink reloadDocument to={paths.account.export()}>
              Download your data
            </TextLink>
          </>
        }
      >
        <Form problem={problem} act="Delete my account" className="max-w-md">
          <Field name="email" label={`Type “${email}” to go on`}>
            <TextInput type="email" autoComplete="off" autoCapitalize="none" spellCheck={false} required />
          </Field>
          <div className="flex flex-wrap gap-3">
            <Button kind="danger" pendingLabel="Deleting…">
              Delete my account
            </Button>
            <ButtonLink kind="quiet" to={paths.account.data()}>
              Keep it
            </ButtonLink>
          </div>
        </Form>
      </Card>
    </>
  )
}
