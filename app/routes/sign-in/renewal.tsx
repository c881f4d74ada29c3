import { type ActionFunctionArgs, data, redirect } from "@remix-run/node"
import { useActionData } from "@remix-run/react"
import { z } from "zod"
import { LinkFailure } from "~/components/link-failure"
import { maskAddress } from "~/domain/accounts/addresses.server"
import { findRenewable, renewSignInLink } from "~/domain/sign-in/renew-link.server"
import { readForm } from "~/http/forms.server"
import { requestMarkForRenewal } from "~/http/request-cookie.server"
import { requesterOf } from "~/http/requester.server"
import { tooMany } from "~/http/sign-in-attempt.server"
import { paths } from "~/lib/paths"

const Renewal = z.object({ handle: z.string().max(200) })

/** Reading this address asks for nothing. */
export async function loader() {
  return data(null, { status: 410 })
}

export async function action({ request, context }: ActionFunctionArgs) {
  const form = await readForm(request, Renewal)
  const link = form.ok ? await findRenewable(form.value.handle) : undefined
  if (!form.ok || !link) return data({ failure: "invalid" as const }, { status: 410 })
  const maskedEmail = maskAddress(link.email)
  const mark = requestMarkForRenewal(maskedEmail)
  const renewed = await renewSignInLink(form.value.handle, {
    requester: requesterOf(request, context),
    requestHash: mark.hash,
  })
  if (renewed.ok)
    return redirect(paths.signIn.sent(), { status: 303, headers: { "Set-Cookie": mark.setCookie } })
  if (renewed.error === "already") return data({ failure: "expired" as const, maskedEmail }, { status: 410 })
  if (renewed.error === "invalid") return data({ failure: "invalid" as const }, { status: 410 })
  throw tooMany(renewed.error)
}

export default function RenewalPage() {
  const refused = useActionData<typeof action>()
  if (refused && "maskedEmail" in refused) {
    const renewal = {
      action: paths.signIn.renewal(),
      handle: "",
      maskedEmail: refused.maskedEmail,
      renewed: true,
    }
    return <LinkFailure state="expired" renewal={renewal} />
  }
  return <LinkFailure state="invalid" />
}
