import { type ActionFunctionArgs, type LoaderFunctionArgs, redirect } from "@remix-run/node"
import { type MetaFunction, useActionData, useLoaderData } from "@remix-run/react"
import { z } from "zod"
import { NewPassword } from "~/components/new-password"
import { PublicPage } from "~/components/page"
import { pageTitle } from "~/components/page-title"
import { Button } from "~/components/ui/button"
import { Field } from "~/components/ui/field"
import { Form } from "~/components/ui/form"
import { Honeypot } from "~/components/ui/honeypot"
import { TextInput } from "~/components/ui/text-input"
import { TextLink } from "~/components/ui/text-link"
import { addressField } from "~/domain/accounts/address-field.server"
import { chosenPassword } from "~/domain/accounts/password-fields"
import { flawWords } from "~/domain/accounts/password-rules"
import { PersonName } from "~/domain/organizations/schemas"
import { register } from "~/domain/sign-in/registration.server"
import { botFields, formStamp, looksLikeBot } from "~/http/bot-check.server"
import { readForm, refuse } from "~/http/forms.server"
import { optionalSession } from "~/http/guards.server"
import { requirePasswords, tooBusy } from "~/http/passwords.server"
import { insideOnly } from "~/http/redirects.server"
import { requestMarkFor } from "~/http/request-cookie.server"
import { requesterOf } from "~/http/requester.server"
import { tooMany } from "~/http/sign-in-attempt.server"
import { paths } from "~/lib/paths"
import { now } from "~/platform/clock.server"
import { env } from "~/platform/env.server"

export const meta: MetaFunction = ({ matches }) => pageTitle("Create an account", matches)

const Register = z.object({
  name: PersonName,
  email: addressField,
  password: chosenPassword,
  redirectTo: z.string().optional(),
  ...botFields,
})

export async function loader({ request }: LoaderFunctionArgs) {
  requirePasswords()
  const redirectTo = insideOnly(new URL(request.url).searchParams.get("redirectTo"))
  if (optionalSession(request)) throw redirect(paths.start(redirectTo))
  return { redirectTo, made: formStamp(), byInvitation: env().signUp === "invited" }
}

export async function action({ request, context }: ActionFunctionArgs) {
  requirePasswords()
  const form = await readForm(request, Register)
  if (!form.ok) return refuse(form)
  const { canonical: email, typed: emailTyped } = form.value.email
  const mark = requestMarkFor(request, emailTyped)
  const sent = redirect(paths.signIn.sent(), { status: 303, headers: { "Set-Cookie": mark.setCookie } })
  if (looksLikeBot(form.value)) return sent
  const registered = await register(form.value, {
    email,
    emailTyped,
    redirectTo: insideOnly(form.value.redirectTo),
    requestHash: mark.hash,
    ...requesterOf(request, context),
    requestedAt: now(),
  })
  if (registered.ok) return sent
  if (registered.error === "busy") throw tooBusy()
  if ("password" in registered.error)
    return refuse(form, { fields: { password: flawWords[registered.error.password] } })
  throw tooMany(registered.error)
}

export default function RegisterPage() {
  const { redirectTo, made, byInvitation } = useLoaderData<typeof loader>()
  return (
    <PublicPage
      title="Create an account"
      lead={
        byInvitation
          ? "Accounts come by invitation or with a plan. Use the address that was invited."
          : "We send a link to your address, to see that it is yours."
      }
      footer={
        <>
          Have an account? <TextLink to={paths.signIn.start(redirectTo)}>Sign in</TextLink>
        </>
      }
    >
      <Form problem={useActionData<typeof action>()} action={paths.signIn.register()}>
        <Field name="name" label="Your name" hint="Shown to the people you work with.">
          <TextInput autoComplete="name" required maxLength={80} autoFocus />
        </Field>
        <Field name="email" label="E-mail address">
          <TextInput
            type="email"
            autoComplete="username"
            inputMode="email"
            required
            placeholder="you@example.com"
          />
        </Field>
        <NewPassword />
        {redirectTo && <input type="hidden" name="redirectTo" value={redirectTo} />}
        <Honeypot time={{ name: "made", value: made }} />
        <Button size="large" wide pendingLabel="One moment…">
          Create account
        </Button>
      </Form>
    </PublicPage>
  )
}
