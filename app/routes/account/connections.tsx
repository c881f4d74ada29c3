import { type ActionFunctionArgs, type LoaderFunctionArgs, redirect } from "@remix-run/node"
import { type MetaFunction, useActionData, useLoaderData } from "@remix-run/react"
import { z } from "zod"
import { Connections } from "~/components/connections"
import { AppPage } from "~/components/page"
import { pageTitle } from "~/components/page-title"
import { disconnectIdentities, listIdentities } from "~/domain/accounts/identities.server"
import {
  isOffered,
  isProvider,
  nameOfProvider,
  offeredProviders,
  opensHere,
} from "~/domain/accounts/providers.server"
import { troubleOf } from "~/domain/sign-in/sso/provider-trouble.server"
import { beginSso } from "~/domain/sign-in/sso/requests.server"
import { countSso } from "~/domain/sign-in/sso/sso-limit.server"
import { troubleWords } from "~/domain/sign-in/sso/trouble"
import { failure } from "~/http/failures.server"
import { readForm, refuse } from "~/http/forms.server"
import { askFreshProof } from "~/http/fresh-proof.server"
import { requireSession, type SignedIn } from "~/http/guards.server"
import { requesterOf } from "~/http/requester.server"
import { tooMany } from "~/http/sign-in-attempt.server"
import { ssoMarkFor } from "~/http/sso-cookies.server"
import { redirectWithToast } from "~/http/toast.server"
import { paths } from "~/lib/paths"

export const meta: MetaFunction = ({ matches }) => pageTitle("Connected accounts", matches)

const Change = z.discriminatedUnion("intent", [
  z.object({ intent: z.literal("connect"), provider: z.string().max(20) }),
  z.object({ intent: z.literal("disconnect"), identity: z.string().max(64) }),
])

export async function loader({ request }: LoaderFunctionArgs) {
  const { userId } = requireSession(request)
  const identities = await listIdentities(userId)
  return {
    offered: offeredProviders(),
    connected: identities.map(({ id, provider, issuer, label, connectedAt, lastUsedAt }) => ({
      ...{ id, provider, label, connectedAt, lastUsedAt },
      name: isProvider(provider) ? nameOfProvider(provider) : provider,
      opens: opensHere({ provider, issuer }),
    })),
  }
}

export async function action({ request, context }: ActionFunctionArgs) {
  const signedIn = requireSession(request)
  const form = await readForm(request, Change)
  if (!form.ok) return refuse(form)
  const owed = await askFreshProof({ request, context, signedIn, form })
  if (owed) return owed
  if (form.value.intent === "connect")
    return lead(request, context.clientAddress, signedIn, form.value.provider)
  const from = { requester: requesterOf(request, context), keepSessionId: signedIn.sessionId }
  const { userId: id, email } = signedIn
  const gone = await disconnectIdentities({ id, email }, { id: form.value.identity }, from)
  if (!gone.ok) return sayBad(refusals[gone.error])
  return redirectWithToast(paths.account.connections(), { kind: "good", words: "It is disconnected." })
}

const refusals = {
  none: "It was disconnected already.",
  last_way_in: "Nothing else opens your account. Add another way to sign in first.",
}

const sayBad = (words: string) => redirectWithToast(paths.account.connections(), { kind: "bad", words })

/** To the provider, and back to this page. */
async function lead(request: Request, clientAddress: string, { userId }: SignedIn, provider: string) {
  if (!isOffered(provider)) throw failure("not_found")
  const allowed = await countSso(clientAddress)
  if (!allowed.ok) throw tooMany(allowed.error)
  const mark = ssoMarkFor(request)
  try {
    const url = await beginSso({ provider, intent: "connect", userId }, mark.token)
    return redirect(url.href, { status: 303, headers: { "Set-Cookie": mark.setCookie } })
  } catch (error) {
    return sayBad(troubleWords(troubleOf(provider, error), nameOfProvider(provider)).words)
  }
}

export default function ConnectionsPage() {
  const { offered, connected } = useLoaderData<typeof loader>()
  return (
    <AppPage title="Connected accounts" lead="Accounts elsewhere that sign you in here.">
      <Connections offered={offered} connected={connected} problem={useActionData<typeof action>()} />
    </AppPage>
  )
}
