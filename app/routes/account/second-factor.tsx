import { type ActionFunctionArgs, type LoaderFunctionArgs, redirect } from "@remix-run/node"
import { type MetaFunction, useActionData, useLoaderData } from "@remix-run/react"
import { z } from "zod"
import { AppPage } from "~/components/page"
import { pageTitle } from "~/components/page-title"
import { PasskeyAnswer } from "~/components/passkey-answer"
import { ButtonLink } from "~/components/ui/button"
import { Card } from "~/components/ui/card"
import { Form } from "~/components/ui/form"
import { confirmSession } from "~/domain/accounts/confirm-session.server"
import { passkeyWords } from "~/domain/accounts/passkey-words"
import { countCheck, forgiveCheck } from "~/domain/sign-in/check-limit.server"
import { readForm, refuse } from "~/http/forms.server"
import { requireSession } from "~/http/guards.server"
import { passkeyAsked } from "~/http/passkey-asked.server"
import { insideOnly } from "~/http/redirects.server"
import { requesterOf } from "~/http/requester.server"
import { sessionCookie } from "~/http/session-cookie.server"
import { tooMany } from "~/http/sign-in-attempt.server"
import { paths } from "~/lib/paths"

export const meta: MetaFunction = ({ matches }) => pageTitle("Your second factor", matches)

const Shown = z.object({ passkey: z.string().max(16_000).default("") })

/** Each refusal needs a fresh challenge. */
export const shouldRevalidate = () => true

export async function loader({ request }: LoaderFunctionArgs) {
  const { userId, twoFactors } = requireSession(request)
  const onward = destinationOf(request)
  if (twoFactors) throw redirect(onward ?? paths.account.twoFactor(), 303)
  return { options: await passkeyAsked(userId), setUp: paths.account.twoFactor(onward) }
}

export async function action({ request, context }: ActionFunctionArgs) {
  const signedIn = requireSession(request)
  const form = await readForm(request, Shown)
  if (!form.ok) return refuse(form)
  const requester = requesterOf(request, context)
  const allowed = await countCheck(requester.clientAddress)
  if (!allowed.ok) throw tooMany(allowed.error)
  const confirmed = await confirmSession(signedIn, form.value.passkey, requester)
  if (!confirmed.ok) return refuse(form, { message: passkeyWords[confirmed.error] })
  await forgiveCheck(requester.clientAddress)
  context.cookies.push(sessionCookie.serialize(confirmed.value))
  throw redirect(destinationOf(request) ?? paths.account.twoFactor(), 303)
}

/** Where the person was going when they were led here. */
function destinationOf(request: Request): string | undefined {
  return insideOnly(new URL(request.url).searchParams.get("redirectTo"))
}

export default function SecondFactorOfSession() {
  const { options, setUp } = useLoaderData<typeof loader>()
  const problem = useActionData<typeof action>()
  return (
    <AppPage
      title="Your second factor"
      lead="You came in without one, and an organisation of yours asks for it."
    >
      {options ? (
        <Card
          title="Show your passkey"
          lead="It counts as a second factor for as long as you stay signed in."
        >
          <Form problem={problem}>
            <PasskeyAnswer name="passkey" options={options} />
          </Form>
        </Card>
      ) : (
        <Card title="There is none yet" lead="Set up an authenticator app; it takes two minutes.">
          <ButtonLink to={setUp}>Set it up</ButtonLink>
        </Card>
      )}
    </AppPage>
  )
}
