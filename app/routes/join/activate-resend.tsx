import { type ActionFunctionArgs, data } from "@remix-run/node"
import { type MetaFunction, useActionData } from "@remix-run/react"
import { z } from "zod"
import { LinkFailure } from "~/components/link-failure"
import { PublicPage } from "~/components/page"
import { pageTitle } from "~/components/page-title"
import { Button } from "~/components/ui/button"
import { Field } from "~/components/ui/field"
import { Form } from "~/components/ui/form"
import { TextInput } from "~/components/ui/text-input"
import { TextLink } from "~/components/ui/text-link"
import { addressField } from "~/domain/accounts/address-field.server"
import { maskAddress } from "~/domain/accounts/addresses.server"
import type { Requester } from "~/domain/accounts/requester"
import { renewActivation, resendActivation } from "~/domain/billing/activation-resend.server"
import { formDataOf } from "~/http/form-data.server"
import { readForm, refuse } from "~/http/forms.server"
import { requesterOf } from "~/http/requester.server"
import { tooMany } from "~/http/sign-in-attempt.server"
import { paths } from "~/lib/paths"

export const meta: MetaFunction = ({ matches }) => pageTitle("Send the mail again", matches)

const ResendActivation = z.object({ email: addressField })

export async function action({ request, context }: ActionFunctionArgs) {
  const requester = requesterOf(request, context)
  const handle = (await formDataOf(request.clone())).get("handle")
  if (typeof handle === "string") return renew(handle, requester)
  const form = await readForm(request, ResendActivation)
  if (!form.ok) return refuse(form)
  const asked = await resendActivation(form.value.email, requester)
  if (asked.ok) return { sentTo: form.value.email.typed }
  throw tooMany(asked.error)
}

/** From the page of an expired link: to the mailbox the link was for, once [L7]. */
async function renew(handle: string, requester: Requester) {
  const renewed = await renewActivation(handle, requester)
  if (renewed.ok) return { sentTo: maskAddress(renewed.value.email) }
  if (renewed.error === "invalid") return data({ failure: "invalid" as const }, { status: 410 })
  if (renewed.error === "already") return data({ failure: "expired" as const }, { status: 410 })
  throw tooMany(renewed.error)
}

export default function ActivateResend() {
  const answer = useActionData<typeof action>()
  if (answer && "failure" in answer) return <LinkFailure state={answer.failure} />
  if (answer && "sentTo" in answer) {
    return (
      <PublicPage
        title="Check your mail"
        lead={`If a plan was bought with ${answer.sentTo}, a fresh link is on its way there.`}
        footer={<TextLink to={paths.signIn.start()}>Sign in instead</TextLink>}
      />
    )
  }
  return (
    <PublicPage
      title="Send the mail again"
      lead="Type the address you bought the plan with."
      footer={<TextLink to={paths.signIn.start()}>Sign in instead</TextLink>}
    >
      <Form action={paths.activation.resend()} problem={answer}>
        <Field name="email" label="E-mail address">
          <TextInput
            type="email"
            inputMode="email"
            autoComplete="email"
            required
            placeholder="you@example.com"
          />
        </Field>
        <Button size="large" wide pendingLabel="Sending…">
          Send it again
        </Button>
      </Form>
    </PublicPage>
  )
}
