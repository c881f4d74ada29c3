import { type ActionFunctionArgs, type LoaderFunctionArgs, redirect } from "@remix-run/node"
import { type MetaFunction, useActionData, useLoaderData } from "@remix-run/react"
import { z } from "zod"
import { AuthenticatorSetUp } from "~/components/authenticator-set-up"
import { AppPage } from "~/components/page"
import { pageTitle } from "~/components/page-title"
import { RecoveryCodes } from "~/components/recovery-codes"
import { AskedFor, TwoFactorOff, TwoFactorOn } from "~/components/two-factor-state"
import {
  beginEnrolment,
  confirmEnrolment,
  switchOffTwoFactor,
  viewTwoFactor,
} from "~/domain/accounts/enrolment.server"
import { type ReadForm, readForm, refuse } from "~/http/forms.server"
import { askFreshProof } from "~/http/fresh-proof.server"
import { requireSession } from "~/http/guards.server"
import { passkeyAsked } from "~/http/passkey-asked.server"
import { qrCode } from "~/http/qr-code.server"
import { insideOnly } from "~/http/redirects.server"
import { requesterOf } from "~/http/requester.server"
import { sessionCookie } from "~/http/session-cookie.server"
import { redirectWithToast } from "~/http/toast.server"
import { paths } from "~/lib/paths"

export const meta: MetaFunction = ({ matches }) => pageTitle("Two-factor sign-in", matches)

const TwoFactor = z.object({
  intent: z.enum(["begin", "confirm", "off"], "Choose what to do."),
  code: z.string().max(64, "A code is shorter than that.").default(""),
})

export async function loader({ request }: LoaderFunctionArgs) {
  const signedIn = requireSession(request)
  const view = await viewTwoFactor(signedIn)
  const redirectTo = destinationOf(request)
  const mayShowPasskey = !signedIn.twoFactors && (await passkeyAsked(signedIn.userId)) !== undefined
  if (view.state !== "offered") return { view, redirectTo, mayShowPasskey }
  const { state, secret, uri } = view
  return { view: { state, secret, uri, qr: await qrCode(uri) }, redirectTo, mayShowPasskey }
}

export async function action({ request, context }: ActionFunctionArgs) {
  const signedIn = requireSession(request)
  const form = await readForm(request, TwoFactor)
  if (!form.ok) return refuse(form)
  const { intent, code } = form.value
  const requester = requesterOf(request, context)
  const here = paths.account.twoFactor(destinationOf(request))
  if (intent === "confirm") {
    if (code.trim() === "") return refuse(form, { fields: { code: "Enter the code." } })
    const confirmed = await confirmEnrolment(signedIn, code, requester)
    if (!confirmed.ok) return notConfirmed(confirmed.error, form, here)
    context.cookies.push(sessionCookie.serialize(confirmed.value.sessionToken))
    return { recoveryCodes: confirmed.value.recoveryCodes }
  }
  const owed = await askFreshProof({ request, context, signedIn, form })
  if (owed) return owed
  if (intent === "begin") {
    await beginEnrolment(signedIn)
    return redirect(here, 303)
  }
  await switchOffTwoFactor(signedIn, requester)
  return redirectWithToast(here, { kind: "good", words: "Two-factor sign-in is off." })
}

function notConfirmed(why: "wrong" | "none" | "ended", form: ReadForm<unknown>, here: string) {
  if (why === "ended") return redirect(paths.signIn.start(here), 303)
  if (why === "none")
    return redirectWithToast(here, { kind: "bad", words: "This took too long. Set it up once more." })
  const words = "That code does not fit. Wait for the next one, and check that the phone’s clock is right."
  return refuse(form, { fields: { code: words } })
}

/** Where the person was going when they were led here. */
function destinationOf(request: Request): string | undefined {
  return insideOnly(new URL(request.url).searchParams.get("redirectTo"))
}

export default function TwoFactorPage() {
  const { view, redirectTo, mayShowPasskey } = useLoaderData<typeof loader>()
  const answer = useActionData<typeof action>()
  const made = answer && "recoveryCodes" in answer ? answer.recoveryCodes : undefined
  const problem = answer && !("recoveryCodes" in answer) ? answer : undefined
  if (made) {
    return (
      <AppPage title="Two-factor sign-in is on" lead="From now on signing in takes two steps.">
        <RecoveryCodes codes={made} onward={redirectTo ?? paths.account.twoFactor()} />
      </AppPage>
    )
  }
  return (
    <AppPage
      title="Two-factor sign-in"
      lead="A second step when you sign in, so that one stolen secret is not enough."
    >
      {redirectTo && view.state !== "on" && <AskedFor redirectTo={redirectTo} passkey={mayShowPasskey} />}
      {view.state === "off" && <TwoFactorOff problem={problem} />}
      {view.state === "offered" && <AuthenticatorSetUp {...view} problem={problem} />}
      {view.state === "on" && <TwoFactorOn {...view} problem={problem} />}
    </AppPage>
  )
}
