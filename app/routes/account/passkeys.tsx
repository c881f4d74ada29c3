import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node"
import { type MetaFunction, useActionData, useLoaderData } from "@remix-run/react"
import KeyRound from "lucide-react/icons/key-round"
import { AddPasskey } from "~/components/add-passkey"
import { AppPage } from "~/components/page"
import { pageTitle } from "~/components/page-title"
import { PasskeysTable } from "~/components/passkeys-table"
import { Card } from "~/components/ui/card"
import { EmptyState } from "~/components/ui/empty-state"
import { deviceLabel } from "~/domain/accounts/device.server"
import { passkeysWorkHere } from "~/domain/accounts/passkey-host.server"
import { countPasskeyCheck, forgivePasskeyCheck } from "~/domain/accounts/passkey-limit.server"
import { registrationOptions } from "~/domain/accounts/passkey-options.server"
import { registerPasskey } from "~/domain/accounts/passkey-registration.server"
import { AddPasskey as Adding } from "~/domain/accounts/passkey-schemas"
import { passkeyWords } from "~/domain/accounts/passkey-words"
import { listPasskeys } from "~/domain/accounts/passkeys.server"
import { readForm, refuse } from "~/http/forms.server"
import { askFreshProof } from "~/http/fresh-proof.server"
import { requireSession } from "~/http/guards.server"
import { requesterOf } from "~/http/requester.server"
import { sessionCookie } from "~/http/session-cookie.server"
import { tooMany } from "~/http/sign-in-attempt.server"
import { redirectWithToast } from "~/http/toast.server"
import { paths } from "~/lib/paths"

export const meta: MetaFunction = ({ matches }) => pageTitle("Passkeys", matches)

export async function loader({ request, context }: LoaderFunctionArgs) {
  const { userId } = requireSession(request)
  const { userAgent } = requesterOf(request, context)
  return {
    passkeys: await listPasskeys(userId),
    suggestedName: deviceLabel(userAgent),
    workHere: passkeysWorkHere(),
  }
}

export async function action({ request, context }: ActionFunctionArgs) {
  const signedIn = requireSession(request)
  const form = await readForm(request, Adding)
  if (!form.ok) return refuse(form)
  if (form.value.intent === "begin") {
    const owed = await askFreshProof({ request, context, signedIn, form })
    if (owed) return owed
    return { options: await registrationOptions(signedIn), name: form.value.name }
  }
  const requester = requesterOf(request, context)
  const allowed = await countPasskeyCheck(requester.clientAddress)
  if (!allowed.ok) throw tooMany(allowed.error)
  const { name, passkey: answer } = form.value
  const made = await registerPasskey({ ...signedIn, requester }, { name, answer })
  if (!made.ok) return refuse(form, { message: passkeyWords[made.error] })
  await forgivePasskeyCheck(requester.clientAddress)
  context.cookies.push(sessionCookie.serialize(made.value.sessionToken))
  const words = `“${name}” is added. Your other devices are signed out.`
  return redirectWithToast(paths.account.passkeys(), { kind: "good", words })
}

export default function Passkeys() {
  const { passkeys, suggestedName, workHere } = useLoaderData<typeof loader>()
  const said = useActionData<typeof action>()
  const offer = said && "options" in said ? said : undefined
  const problem = said && !("options" in said) ? said : undefined
  return (
    <AppPage
      title="Passkeys"
      lead="Sign in with your fingerprint, your face or the lock of your screen. There is nothing to type, and nothing to give away."
    >
      <Card flush={passkeys.length > 0}>
        {passkeys.length > 0 ? (
          <PasskeysTable passkeys={passkeys} />
        ) : (
          <EmptyState icon={<KeyRound />} title="No passkeys yet">
            A passkey stays on your device or in your password manager. It replaces the mailed link and counts
            as both steps of a two-factor sign-in.
          </EmptyState>
        )}
      </Card>
      {workHere ? (
        <Card
          title="Add a passkey"
          lead="Your other devices are signed out when you do, and we mail you a notice."
        >
          <AddPasskey suggestedName={suggestedName} problem={problem} offer={offer} />
        </Card>
      ) : (
        <p className="text-ink-soft text-sm">
          Browsers make no passkeys for an address of bare numbers. This site needs a name first.
        </p>
      )}
    </AppPage>
  )
}
