import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node"
import { type MetaFunction, useActionData, useLoaderData } from "@remix-run/react"
import { z } from "zod"
import { AppPage } from "~/components/page"
import { pageTitle } from "~/components/page-title"
import { Banner } from "~/components/ui/banner"
import { Button, ButtonLink } from "~/components/ui/button"
import { Card } from "~/components/ui/card"
import { Field } from "~/components/ui/field"
import { Form } from "~/components/ui/form"
import { TextInput } from "~/components/ui/text-input"
import { addressField } from "~/domain/accounts/address-field.server"
import { askForEmailChange } from "~/domain/accounts/email-change.server"
import { giveUpEmailChange, pendingEmailChange } from "~/domain/accounts/pending-email-change.server"
import { readForm, refuse } from "~/http/forms.server"
import { askFreshProof } from "~/http/fresh-proof.server"
import { requireSession } from "~/http/guards.server"
import { requesterOf } from "~/http/requester.server"
import { redirectWithToast } from "~/http/toast.server"
import { formatDuration } from "~/lib/format"
import { paths } from "~/lib/paths"

export const meta: MetaFunction = ({ matches }) => pageTitle("E-mail address", matches)

const Change = z.discriminatedUnion("intent", [
  z.object({ intent: z.literal("change"), email: addressField }),
  z.object({ intent: z.literal("give_up") }),
])

export async function loader({ request }: LoaderFunctionArgs) {
  const { userId, email } = requireSession(request)
  const pending = await pendingEmailChange(userId)
  return { email, pending: pending?.toTyped }
}

export async function action({ request, context }: ActionFunctionArgs) {
  const signedIn = requireSession(request)
  const form = await readForm(request, Change)
  if (!form.ok) return refuse(form)
  const here = paths.account.email()
  if (form.value.intent === "give_up") {
    await giveUpEmailChange(signedIn.userId)
    return redirectWithToast(here, { kind: "good", words: "Your address stays as it is." })
  }
  const owed = await askFreshProof({ request, context, signedIn, form })
  if (owed) return owed
  const asked = await askForEmailChange(signedIn, form.value.email, requesterOf(request, context))
  if (asked.ok) return redirectWithToast(here, { kind: "good", words: "Look at the new mailbox now." })
  if (asked.error === "same") return refuse(form, { fields: { email: "This is your address already." } })
  const wait = formatDuration(asked.error.retryAfterSeconds * 1000)
  const words = `Too many changes were asked for. Try again in ${wait}.`
  return refuse(form, { fields: { email: words } }, { status: 429 })
}

export default function EmailPage() {
  const { email, pending } = useLoaderData<typeof loader>()
  const problem = useActionData<typeof action>()
  return (
    <AppPage title="E-mail address" lead="You sign in with it, and mail about your account goes to it.">
      {pending && <Pending to={pending} />}
      <Card title={<span className="break-all">{email}</span>} lead="Your address.">
        <Form problem={problem} className="max-w-md">
          <Field
            name="email"
            label="New e-mail address"
            hint="We send a link there. Nothing changes before you open it."
          >
            <TextInput type="email" autoComplete="email" inputMode="email" required />
          </Field>
          <div className="flex flex-wrap gap-3">
            <Button name="intent" value="change" pendingLabel="Sending…">
              Send the link
            </Button>
            <ButtonLink kind="quiet" to={paths.account.profile()}>
              Cancel
            </ButtonLink>
          </div>
        </Form>
      </Card>
    </AppPage>
  )
}

function Pending({ to }: { to: string }) {
  return (
    <Banner
      title="One more step"
      action={
        <Form className="!gap-0">
          <input type="hidden" name="intent" value="give_up" />
          <Button kind="secondary" size="small" pendingLabel="One moment…">
            Keep my address
          </Button>
        </Form>
      }
    >
      Open the link we sent to <strong className="break-all">{to}</strong>. Until then your address stays as
      it is.
    </Banner>
  )
}
