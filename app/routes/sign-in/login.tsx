import { type ActionFunctionArgs, type LoaderFunctionArgs, redirect } from "@remix-run/node"
import { type MetaFunction, useActionData, useLoaderData } from "@remix-run/react"
import { z } from "zod"
import { OtherWaysIn } from "~/components/other-ways-in"
import { PublicPage } from "~/components/page"
import { pageTitle } from "~/components/page-title"
import { PasskeySignIn } from "~/components/passkey-sign-in"
import { ProviderButtons } from "~/components/provider-buttons"
import { SignInByMail } from "~/components/sign-in-by-mail"
import { TextLink } from "~/components/ui/text-link"
import { usePasskeys } from "~/components/use-passkeys"
import { addressField } from "~/domain/accounts/address-field.server"
import { passkeysWorkHere } from "~/domain/accounts/passkey-host.server"
import { offeredProviders } from "~/domain/accounts/providers.server"
import { askForSignInLink } from "~/domain/sign-in/email-link.server"
import { botFields, formStamp, looksLikeBot } from "~/http/bot-check.server"
import { readForm, refuse } from "~/http/forms.server"
import { optionalSession } from "~/http/guards.server"
import { insideOnly } from "~/http/redirects.server"
import { readRequestMark, requestMarkFor } from "~/http/request-cookie.server"
import { requesterOf } from "~/http/requester.server"
import { tooMany } from "~/http/sign-in-attempt.server"
import { paths } from "~/lib/paths"
import { now } from "~/platform/clock.server"
import { env } from "~/platform/env.server"

export const meta: MetaFunction = ({ matches }) => pageTitle("Sign in", matches)

const RequestLink = z.object({ email: addressField, redirectTo: z.string().optional(), ...botFields })

export async function loader({ request }: LoaderFunctionArgs) {
  const { searchParams } = new URL(request.url)
  const redirectTo = insideOnly(searchParams.get("redirectTo"))
  const signedInAs = optionalSession(request)?.email
  if (signedInAs && !searchParams.has("again")) throw redirect(paths.start(redirectTo))
  return { redirectTo, signedInAs, made: formStamp(), providers: offeredProviders(), ...whatIsOffered() }
}

function whatIsOffered() {
  const { passwords, signUp } = env()
  const password = passwords !== "off"
  return { password, registration: password && signUp !== "invited", passkeys: passkeysWorkHere() }
}

export async function action({ request, context }: ActionFunctionArgs) {
  const form = await readForm(request, RequestLink)
  if (!form.ok) return refuse(form)
  const { canonical: email, typed: emailTyped } = form.value.email
  const mark = requestMarkFor(request, emailTyped)
  if (!looksLikeBot(form.value)) {
    const requester = requesterOf(request, context)
    const redirectTo = insideOnly(form.value.redirectTo)
    const asked = await askForSignInLink({
      email,
      emailTyped,
      redirectTo,
      requestHash: mark.hash,
      ...requester,
      requestedAt: now(),
    })
    if (!asked.ok) throw tooMany(asked.error, backToTheCode(request))
  }
  return redirect(paths.signIn.sent(), { status: 303, headers: { "Set-Cookie": mark.setCookie } })
}

/** A mail may be there already: whoever waits for one is led back to where its code goes. */
function backToTheCode(request: Request) {
  return readRequestMark(request) && { to: paths.signIn.sent(), label: "Back to the code" }
}

export default function Login() {
  const { redirectTo, signedInAs, made, password, registration, passkeys, providers } =
    useLoaderData<typeof loader>()
  const passkey = usePasskeys() && passkeys
  return (
    <PublicPage
      title="Sign in"
      lead="We send you a link and a code. No password needed."
      footer={
        <>
          New here? <TextLink to={paths.pricing()}>See the plans</TextLink>
          {registration && (
            <>
              , or <TextLink to={paths.signIn.register(redirectTo)}>create an account</TextLink>
            </>
          )}
        </>
      }
    >
      {signedInAs && (
        <p className="mb-6 text-ink-soft text-sm">
          You are signed in here as <strong className="break-words text-ink">{signedInAs}</strong>. Signing in
          as someone else signs {signedInAs} out. <TextLink to={paths.start()}>Stay signed in</TextLink>
        </p>
      )}
      <SignInByMail
        problem={useActionData<typeof action>()}
        redirectTo={redirectTo}
        made={made}
        password={password}
        autoComplete={passkeys ? "email webauthn" : undefined}
      />
      <OtherWaysIn>
        {passkey && <PasskeySignIn redirectTo={redirectTo} />}
        {providers.length > 0 && <ProviderButtons offered={providers} redirectTo={redirectTo} />}
      </OtherWaysIn>
    </PublicPage>
  )
}
