import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node"
import { type MetaFunction, useActionData, useLoaderData, useLocation } from "@remix-run/react"
import { z } from "zod"
import { PublicPage } from "~/components/page"
import { pageTitle } from "~/components/page-title"
import { Button, ButtonLink } from "~/components/ui/button"
import { Field } from "~/components/ui/field"
import { Form } from "~/components/ui/form"
import { PasswordInput } from "~/components/ui/password-input"
import { TextInput } from "~/components/ui/text-input"
import { TextLink } from "~/components/ui/text-link"
import { useHydrated } from "~/components/use-hydrated"
import { addressField } from "~/domain/accounts/address-field.server"
import { typedPassword } from "~/domain/accounts/password-fields"
import { signInWithPassword } from "~/domain/sign-in/password-sign-in.server"
import { readForm, refuse } from "~/http/forms.server"
import { requirePasswords, tooBusy } from "~/http/passwords.server"
import { insideOnly } from "~/http/redirects.server"
import { attemptOf, onward, signedInResponse, tooMany } from "~/http/sign-in-attempt.server"
import { paths } from "~/lib/paths"

export const meta: MetaFunction = ({ matches }) => pageTitle("Sign in with a password", matches)

const SignIn = z.object({ email: addressField, password: typedPassword, redirectTo: z.string().optional() })

const mismatch =
  "This address and this password do not go together. Try again, or have a link e-mailed to you."

export async function loader({ request }: LoaderFunctionArgs) {
  requirePasswords()
  return { redirectTo: insideOnly(new URL(request.url).searchParams.get("redirectTo")) }
}

export async function action({ request, context }: ActionFunctionArgs) {
  requirePasswords()
  const form = await readForm(request, SignIn)
  if (!form.ok) return refuse(form)
  const { email, password, redirectTo } = form.value
  const given = { email: email.canonical, password }
  const signedIn = await signInWithPassword(given, attemptOf(request, context))
  if (signedIn.ok) return signedInResponse(signedIn.value, onward(redirectTo))
  if (signedIn.error === "wrong") return refuse(form, { message: mismatch })
  if (signedIn.error === "busy") throw tooBusy()
  throw tooMany(signedIn.error, { to: paths.signIn.start(redirectTo), label: "Have a link e-mailed" })
}

export default function PasswordPage() {
  const { redirectTo } = useLoaderData<typeof loader>()
  return (
    <PublicPage
      title="Sign in with a password"
      footer={<TextLink to={paths.signIn.forgotten()}>Forgotten your password?</TextLink>}
    >
      <Form problem={useActionData<typeof action>()} action={paths.signIn.password()}>
        <Field name="email" label="E-mail address">
          <TextInput
            type="email"
            autoComplete="username"
            inputMode="email"
            autoFocus
            required
            defaultValue={useTypedBefore()}
          />
        </Field>
        <Field name="password" label="Password">
          <PasswordInput autoComplete="current-password" required />
        </Field>
        {redirectTo && <input type="hidden" name="redirectTo" value={redirectTo} />}
        <Button size="large" wide pendingLabel="Signing in…">
          Sign in
        </Button>
      </Form>
      <ButtonLink kind="quiet" wide className="mt-3" to={paths.signIn.start(redirectTo)}>
        E-mail me a link instead
      </ButtonLink>
    </PublicPage>
  )
}

/** The address typed on the page this one was opened from, when that was by script. */
function useTypedBefore(): string | undefined {
  const state: unknown = useLocation().state
  const before = typeof state === "object" && state !== null && "email" in state ? state.email : undefined
  return useHydrated() && typeof before === "string" ? before : undefined
}
