import { type ActionFunctionArgs, data, type LoaderFunctionArgs, redirect } from "@remix-run/node"
import { type MetaFunction, useActionData, useLoaderData } from "@remix-run/react"
import { z } from "zod"
import { InboxLinks } from "~/components/inbox-links"
import { LinkFailure } from "~/components/link-failure"
import { PublicPage } from "~/components/page"
import { pageTitle } from "~/components/page-title"
import { Button, ButtonLink } from "~/components/ui/button"
import { Field } from "~/components/ui/field"
import { Form } from "~/components/ui/form"
import { Honeypot } from "~/components/ui/honeypot"
import { TextInput } from "~/components/ui/text-input"
import { TextLink } from "~/components/ui/text-link"
import { addressField } from "~/domain/accounts/address-field.server"
import type { Requester } from "~/domain/accounts/requester"
import { renewPasswordReset, requestPasswordReset } from "~/domain/sign-in/password-reset.server"
import { botFields, formStamp, looksLikeBot } from "~/http/bot-check.server"
import { formDataOf } from "~/http/form-data.server"
import { readForm, refuse } from "~/http/forms.server"
import { requirePasswords } from "~/http/passwords.server"
import { requesterOf } from "~/http/requester.server"
import { tooMany } from "~/http/sign-in-attempt.server"
import { paths } from "~/lib/paths"
import { now } from "~/platform/clock.server"
import { env } from "~/platform/env.server"

export const meta: MetaFunction = ({ matches }) => pageTitle("Forgotten password", matches)

const AskForReset = z.object({ email: addressField, ...botFields })

export async function loader({ request }: LoaderFunctionArgs) {
  requirePasswords()
  const sent = new URL(request.url).searchParams.has("sent")
  return { sent, made: formStamp(), mailboxUrl: env().mailboxUrl }
}

export async function action({ request, context }: ActionFunctionArgs) {
  requirePasswords()
  const requester = requesterOf(request, context)
  const handle = (await formDataOf(request.clone())).get("handle")
  if (typeof handle === "string") return renew(handle, requester)
  const form = await readForm(request, AskForReset)
  if (!form.ok) return refuse(form)
  if (!looksLikeBot(form.value)) {
    const email = form.value.email.canonical
    const asked = await requestPasswordReset({ email, ...requester, requestedAt: now() })
    if (!asked.ok) throw tooMany(asked.error)
  }
  return redirect(paths.signIn.forgotten({ sent: "yes" }), 303)
}

/** From the page of an expired link: to the mailbox the link was for, once [L7]. */
async function renew(handle: string, requester: Requester) {
  const renewed = await renewPasswordReset(handle, requester)
  if (renewed.ok) return redirect(paths.signIn.forgotten({ sent: "yes" }), 303)
  if (renewed.error === "invalid" || renewed.error === "already")
    return data({ failure: "invalid" as const }, { status: 410 })
  throw tooMany(renewed.error)
}

export default function Forgotten() {
  const { sent, made, mailboxUrl } = useLoaderData<typeof loader>()
  const answer = useActionData<typeof action>()
  const back = <TextLink to={paths.signIn.start()}>Back to sign-in</TextLink>
  if (answer && "failure" in answer) {
    const again = <ButtonLink to={paths.signIn.forgotten()}>Ask for a new link</ButtonLink>
    return <LinkFailure state={answer.failure} action={again} />
  }
  if (sent) {
    return (
      <PublicPage
        title="Check your mail"
        lead="If this address can sign in here, a link for a new password is on its way. Until you use it, the old one stays."
        footer={back}
      >
        <InboxLinks address="" mailboxUrl={mailboxUrl} />
      </PublicPage>
    )
  }
  return (
    <PublicPage
      title="Forgotten your password?"
      lead="We send you a link with which you choose a new one."
      footer={back}
    >
      <Form problem={answer} action={paths.signIn.forgotten()}>
        <Field name="email" label="E-mail address">
          <TextInput type="email" autoComplete="username" inputMode="email" autoFocus required />
        </Field>
        <Honeypot time={{ name: "made", value: made }} />
        <Button size="large" wide pendingLabel="Sending…">
          E-mail me a link
        </Button>
      </Form>
    </PublicPage>
  )
}
