import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node"
import { type MetaFunction, useActionData, useLoaderData } from "@remix-run/react"
import { z } from "zod"
import { DeletionBlocked, DeletionForm } from "~/components/account-deletion"
import { AppPage } from "~/components/page"
import { pageTitle } from "~/components/page-title"
import { addressField } from "~/domain/accounts/address-field.server"
import { deleteAccount, whyNotDelete } from "~/domain/privacy/delete-account.server"
import { readForm, refuse } from "~/http/forms.server"
import { askFreshProof } from "~/http/fresh-proof.server"
import { requireSession } from "~/http/guards.server"
import { requesterOf } from "~/http/requester.server"
import { sessionCookie } from "~/http/session-cookie.server"
import { redirectWithToast } from "~/http/toast.server"
import { paths } from "~/lib/paths"

export const meta: MetaFunction = ({ matches }) => pageTitle("Delete your account", matches)

const Deletion = z.object({ email: addressField })

export async function loader({ request }: LoaderFunctionArgs) {
  const { userId, email } = requireSession(request)
  return { email, obstacle: await whyNotDelete(userId) }
}

export async function action({ request, context }: ActionFunctionArgs) {
  const signedIn = requireSession(request)
  const form = await readForm(request, Deletion)
  if (!form.ok) return refuse(form)
  const { userId, email } = signedIn
  if (form.value.email.canonical !== email)
    return refuse(form, { fields: { email: `This is not your address. Type ${email}.` } })
  const owed = await askFreshProof({ request, context, signedIn, form })
  if (owed) return owed
  const deleted = await deleteAccount(userId, requesterOf(request, context))
  if (!deleted.ok) return refuse(form, {}, { status: 409 })
  context.cookies.push(sessionCookie.clear())
  return redirectWithToast(paths.home(), { kind: "good", words: "Your account is deleted." })
}

export default function DeletionPage() {
  const { email, obstacle } = useLoaderData<typeof loader>()
  const problem = useActionData<typeof action>()
  return (
    <AppPage title="Delete your account" lead="Nothing happens before you press the button below.">
      {obstacle ? <DeletionBlocked obstacle={obstacle} /> : <DeletionForm email={email} problem={problem} />}
    </AppPage>
  )
}
