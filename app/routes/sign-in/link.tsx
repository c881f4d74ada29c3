import { type ActionFunctionArgs, data, type LoaderFunctionArgs, redirect } from "@remix-run/node"
import { type MetaFunction, useActionData, useLoaderData, useSearchParams } from "@remix-run/react"
import { z } from "zod"
import { AutoSubmit } from "~/components/auto-submit"
import { LinkFailure } from "~/components/link-failure"
import { PublicPage } from "~/components/page"
import { pageTitle } from "~/components/page-title"
import { Banner } from "~/components/ui/banner"
import { Button, ButtonLink } from "~/components/ui/button"
import { Form } from "~/components/ui/form"
import { Time } from "~/components/ui/time"
import { countCheck, forgiveCheck } from "~/domain/sign-in/check-limit.server"
import { signInWithLink } from "~/domain/sign-in/email-link.server"
import { type OpenLinkView, viewSignInLink } from "~/domain/sign-in/view-link.server"
import { readForm } from "~/http/forms.server"
import { optionalSession } from "~/http/guards.server"
import { readRequestMark } from "~/http/request-cookie.server"
import { attemptOf, onward, signedInResponse, tooMany } from "~/http/sign-in-attempt.server"
import { paths } from "~/lib/paths"

export const meta: MetaFunction = ({ matches }) => pageTitle("Sign in", matches)

const Confirm = z.object({ token: z.string().max(200), anyway: z.string().optional() })

export async function loader({ request }: LoaderFunctionArgs) {
  const token = new URL(request.url).searchParams.get("token") ?? ""
  const signedIn = optionalSession(request)
  const view = await viewSignInLink(token, { requestToken: readRequestMark(request)?.token, signedIn })
  if (view.state === "used" && view.byThisPerson) throw redirect(onward(view.destination))
  return data({ view, signedInAs: signedIn?.email }, { status: view.state === "open" ? 200 : 410 })
}

export async function action({ request, context }: ActionFunctionArgs) {
  const form = await readForm(request, Confirm)
  if (!form.ok) return data({ failure: "invalid" as const }, { status: 400 })
  const { token, anyway } = form.value
  const attempt = attemptOf(request, context)
  const signedIn = optionalSession(request)
  const view = await viewSignInLink(token, { signedIn })
  if (view.state === "open" && view.otherPerson && !anyway) throw redirect(paths.signIn.link(token))
  const allowed = await countCheck(attempt.requester.clientAddress)
  if (!allowed.ok) throw tooMany(allowed.error)
  const entered = await signInWithLink(token, attempt)
  if (!entered.ok) return data({ failure: entered.error }, { status: 410 })
  await forgiveCheck(attempt.requester.clientAddress)
  return signedInResponse(entered.value.sessionToken, onward(entered.value.redirectTo))
}

export default function SignInLink() {
  const { view, signedInAs } = useLoaderData<typeof loader>()
  const refused = useActionData<typeof action>()
  if (refused && refused.failure !== "expired") return <LinkFailure state={refused.failure} />
  if (view.state === "expired") {
    const { handle, maskedEmail, renewed } = view
    return (
      <LinkFailure
        state="expired"
        renewal={{ action: paths.signIn.renewal(), handle, maskedEmail, renewed }}
      />
    )
  }
  if (view.state !== "open") return <LinkFailure state={view.state} />
  return <Confirmation view={view} signedInAs={signedInAs} />
}

function Confirmation({
  view,
  signedInAs,
}: {
  view: Omit<OpenLinkView, "asked"> & { asked: { at: Date | string; device: string; network: string } }
  signedInAs?: string
}) {
  const token = useSearchParams()[0].get("token") ?? ""
  const { maskedEmail, asked, sameBrowser, otherPerson } = view
  return (
    <PublicPage
      title={`Sign in as ${maskedEmail}`}
      lead={
        <>
          Asked for <Time at={asked.at} show="relative" /> from {asked.device}, network {asked.network}.
        </>
      }
    >
      {otherPerson && (
        <div className="mb-6">
          <Banner tone="warn">
            You are signed in here as {signedInAs}. Going on signs that account out of this browser.
          </Banner>
        </div>
      )}
      <Form action={paths.signIn.link(token)} reloadDocument>
        <input type="hidden" name="token" value={token} />
        {otherPerson && <input type="hidden" name="anyway" value="yes" />}
        {sameBrowser && !otherPerson && <AutoSubmit />}
        <Button size="large" wide pendingLabel="Signing in…">
          Sign in as {maskedEmail}
        </Button>
      </Form>
      {otherPerson && (
        <ButtonLink kind="quiet" wide to={paths.start()} className="mt-3">
          Stay signed in as {signedInAs}
        </ButtonLink>
      )}
      <p className="mt-6 text-center text-ink-soft text-sm">
        Did not ask for this? Close the page; nothing happens.
      </p>
    </PublicPage>
  )
}
