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
import { requestSignInLink } from "~/domain/sign-in/email-link.server"
import { mayAskForLink } from "~/domain/sign-in/link-limits.server"
import { botFields, formStamp, looksLikeBot } from "~/http/bot-check.server"
import { readForm, refuse } from "~/http/forms.server"
import { optionalSession } from "~/http/guards.server"
import { insideOnly } from "~/http/redirects.server"
import { markFor, readRequestMark } from "~/http/request-cookie.server"
import { requesterOf } from "~/http/requester.server"
import { tooMany } from "~/http/sign-in-attempt.server"
import { paths } from "~/lib/paths"
import { now } from "~/platform/clock.server"

export const meta: MetaFunction = ({ matches }) => pageTitle("Sign in", matches)

const RequestLink = z.object({ email: addressField, redirectTo: z.string().optional(), ...botFields })

export async function loader({ request }: LoaderFunctionArgs) {
  const { searchParams } = new URL(request.url)
  const redirectTo = insideOnly(searchParams.get("redirectTo"))
  if (optionalSession(request) && !searchParams.has("again")) throw redirect(paths.start(redirectTo))
  return { redirectTo, made: formStamp() }
}

export async function action({ request, context }: ActionFunctionArgs) {
  const form = await readForm(request, RequestLink)
  if (!form.ok) return refuse(form)
  const { canonical: email, typed: emailTyped } = form.value.email
  const mark = markFor(request, emailTyped)
  if (!looksLikeBot(form.value)) {
    const requester = requesterOf(request, context)
    const allowed = await mayAskForLink(email, requester.clientAddress)
    if (!allowed.ok) throw tooMany(allowed.error, backToTheCode(request))
    const redirectTo = insideOnly(form.value.redirectTo)
    await requestSignInLink({
      email,
      emailTyped,
      redirectTo,
      requestHash: mark.hash,
      ...requester,
      requestedAt: now(),
    })
  }
  return redirect(paths.signIn.sent(), { status: 303, headers: { "Set-Cookie": mark.setCookie } })
}

/** A mail may be there already: whoever waits for one is led back to where its code goes. */
function backToTheCode(request: Request) {
  return readRequestMark(request) && { to: paths.signIn.sent(), label: "Back to the code" }
}

export default function Login() {
  const { redirectTo, made } = useLoaderData<typeof loader>()
  return (
    <PublicPage
      title="Sign in"
      lead="We send you a link and a code. No password needed."
      footer={
        <>
          New here? <TextLink to={paths.pricing()}>See the plans</TextLink>
        </>
      }
    >
      <Form problem={useActionData<typeof action>()} action={paths.signIn.start()}>
        <Field name="email" label="E-mail address">
          <TextInput
            type="email"
            autoComplete="email"
            inputMode="email"
            autoFocus
            required
            placeholder="you@example.com"
          />
        </Field>
        {redirectTo && <input type="hidden" name="redirectTo" value={redirectTo} />}
        <Honeypot time={{ name: "made", value: made }} />
        <Button size="large" wide pendingLabel="Sending…">
          Send me a link
        </Button>
      </Form>
    </PublicPage>
  )
}
