import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node"
import { type MetaFunction, useActionData, useLoaderData } from "@remix-run/react"
import { ChangePassword, RemovePassword } from "~/components/change-password"
import { AppPage } from "~/components/page"
import { pageTitle } from "~/components/page-title"
import { changePassword, passwordSince, removePassword } from "~/domain/accounts/password.server"
import { PasswordForm } from "~/domain/accounts/password-fields"
import { flawWords } from "~/domain/accounts/password-rules"
import { readForm, refuse } from "~/http/forms.server"
import { askFreshProof } from "~/http/fresh-proof.server"
import { requireSession } from "~/http/guards.server"
import { requirePasswords, tooBusy } from "~/http/passwords.server"
import { insideOnly } from "~/http/redirects.server"
import { requesterOf } from "~/http/requester.server"
import { redirectWithToast } from "~/http/toast.server"
import { paths } from "~/lib/paths"
import { env } from "~/platform/env.server"

export const meta: MetaFunction = ({ matches }) => pageTitle("Password", matches)

const removalWords = {
  none: "There is no password to remove.",
  required: "Everyone here has a password. Change it instead.",
  last_way_in: "This is the only way into your account. Add another one first, such as a passkey.",
}

const setWords = {
  set: "Your password is set. You are signed out everywhere else.",
  changed: "Your password is changed. You are signed out everywhere else.",
}

export async function loader({ request }: LoaderFunctionArgs) {
  requirePasswords()
  const { userId, email, name } = requireSession(request)
  const required = env().passwords === "required"
  const redirectTo = insideOnly(new URL(request.url).searchParams.get("redirectTo"))
  return { email, name, required, redirectTo, since: await passwordSince(userId) }
}

export async function action({ request, context }: ActionFunctionArgs) {
  requirePasswords()
  const signedIn = requireSession(request)
  const form = await readForm(request, PasswordForm)
  if (!form.ok) return refuse(form)
  const owed = await askFreshProof({ request, context, signedIn, form })
  if (owed) return owed
  const { userId: id, email, name, sessionId } = signedIn
  const change = { user: { id, email }, requester: requesterOf(request, context), sessionId }
  if (form.value.intent === "remove") {
    const removed = await removePassword(change)
    if (!removed.ok) return refuse(form, { message: removalWords[removed.error] })
    return toast("Your password is removed. You are signed out everywhere else.")
  }
  const { password, redirectTo } = form.value
  const changed = await changePassword(change, password, [email, name])
  if (changed.ok) return toast(setWords[changed.value], insideOnly(redirectTo))
  if (changed.error === "busy") throw tooBusy()
  return refuse(form, { fields: { password: flawWords[changed.error] } })
}

function toast(words: string, path = paths.account.password()) {
  return redirectWithToast(path, { kind: "good", words })
}

export default function PasswordPage() {
  const { email, name, required, redirectTo, since } = useLoaderData<typeof loader>()
  const answer = useActionData<typeof action>()
  const removing = answer?.values?.intent === "remove"
  return (
    <AppPage title="Password" lead="A way in besides the link by e-mail, which goes on working.">
      <ChangePassword
        // Once saved, the field begins anew.
        key={since && +since}
        person={{ email, name }}
        since={since}
        required={required}
        redirectTo={redirectTo}
        problem={removing ? undefined : answer}
      />
      {since && !required && <RemovePassword problem={removing ? answer : undefined} />}
    </AppPage>
  )
}
