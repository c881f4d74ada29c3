import { type ActionFunctionArgs, type LoaderFunctionArgs, redirect } from "@remix-run/node"
import { type MetaFunction, useActionData, useLoaderData } from "@remix-run/react"
import { z } from "zod"
import { PublicPage } from "~/components/page"
import { pageTitle } from "~/components/page-title"
import { Button } from "~/components/ui/button"
import { Field } from "~/components/ui/field"
import { Form } from "~/components/ui/form"
import { Honeypot } from "~/components/ui/honeypot"
import { TextInput } from "~/components/ui/text-input"
import { TextLink } from "~/components/ui/text-link"
import { addressField } from "~/domain/accounts/address-field.server"
import { nameOfProvider } from "~/domain/accounts/providers.server"
import { mayAskForLink } from "~/domain/sign-in/link-limits.server"
import { askToProveMailbox } from "~/domain/sign-in/sso/prove-mailbox.server"
import { readWaiting } from "~/domain/sign-in/sso/waiting-identity.server"
import { botFields, formStamp, looksLikeBot } from "~/http/bot-check.server"
import { readForm, refuse } from "~/http/forms.server"
import { insideOnly } from "~/http/redirects.server"
import { requestMarkFor } from "~/http/request-cookie.server"
import { requesterOf } from "~/http/requester.server"
import { tooMany } from "~/http/sign-in-attempt.server"
import { readWaitingMark } from "~/http/sso-cookies.server"
import { paths } from "~/lib/paths"
import { now } from "~/platform/clock.server"

export const meta: MetaFunction = ({ matches }) => pageTitle("Prove your mailbox", matches)

const ProveMailbox = z.object({ email: addressField, redirectTo: z.string().optional(), ...botFields })

/** What waits in this browser for the proof of a mailbox; without it there is nothing to prove. */
async function waitingIn(request: Request) {
  const mark = readWaitingMark(request)
  const account = mark && (await readWaiting(mark.token))
  if (!account) throw redirect(paths.signIn.start())
  return { ...mark, label: account.label, provider: nameOfProvider(account.provider) }
}

export async function loader({ request }: LoaderFunctionArgs) {
  const { address, label, provider } = await waitingIn(request)
  const redirectTo = insideOnly(new URL(request.url).searchParams.get("redirectTo"))
  return { address, label, provider, redirectTo, made: formStamp() }
}

export async function action({ request, context }: ActionFunctionArgs) {
  const { token, provider } = await waitingIn(request)
  const form = await readForm(request, ProveMailbox)
  if (!form.ok) return refuse(form)
  const { canonical: email, typed: emailTyped } = form.value.email
  const mark = requestMarkFor(request, emailTyped)
  if (!looksLikeBot(form.value)) {
    const requester = requesterOf(request, context)
    const allowed = await mayAskForLink(email, requester.clientAddress)
    if (!allowed.ok) throw tooMany(allowed.error)
    const redirectTo = insideOnly(form.value.redirectTo)
    const asked = { email, emailTyped, redirectTo, requestHash: mark.hash, ...requester, requestedAt: now() }
    await askToProveMailbox(token, { ...asked, connects: provider })
  }
  return redirect(paths.signIn.sent(), { status: 303, headers: { "Set-Cookie": mark.setCookie } })
}

export default function Mailbox() {
  const { address, label, provider, redirectTo, made } = useLoaderData<typeof loader>()
  return (
    <PublicPage
      title="One more step"
      lead={
        <>
          {label ? <strong className="break-all text-ink">{label}</strong> : "This account"} at {provider} is
          new here. Prove once that the mailbox is yours; afterwards {provider} is enough.
        </>
      }
      footer={<TextLink to={paths.signIn.start(redirectTo)}>Sign in another way</TextLink>}
    >
      <Form problem={useActionData<typeof action>()}>
        <Field
          name="email"
          label="E-mail address"
          hint="If you have an account here already, its address. Use the mail in this browser."
        >
          <TextInput
            type="email"
            autoComplete="email"
            inputMode="email"
            defaultValue={address}
            autoFocus
            required
          />
        </Field>
        {redirectTo && <input type="hidden" name="redirectTo" value={redirectTo} />}
        <Honeypot time={{ name: "made", value: made }} />
        <Button size="large" wide pendingLabel="Sending…">
          Send me a link and a code
        </Button>
      </Form>
    </PublicPage>
  )
}
