import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node"
import { type MetaFunction, useActionData, useLoaderData } from "@remix-run/react"
import { useEffect, useState } from "react"
import { CorrectAddress, NoMail } from "~/components/correct-address"
import { InboxLinks } from "~/components/inbox-links"
import { PublicPage } from "~/components/page"
import { pageTitle } from "~/components/page-title"
import { ButtonLink } from "~/components/ui/button"
import { Progress } from "~/components/ui/progress"
import { correctAddress } from "~/domain/billing/correct-address.server"
import { askAgainAfter, isWaiting, type PurchaseStatus, purchaseWords } from "~/domain/billing/purchase"
import { purchaseStatus } from "~/domain/billing/purchase-status.server"
import { CorrectAddress as Correction } from "~/domain/billing/schemas"
import { sayCorrectionRefusal } from "~/http/correction-refusal.server"
import { failure } from "~/http/failures.server"
import { readForm, refuse } from "~/http/forms.server"
import { markedPurchase } from "~/http/purchase-cookie.server"
import { requesterOf } from "~/http/requester.server"
import { redirectWithToast } from "~/http/toast.server"
import { viewerOf } from "~/http/viewer.server"
import { apiPaths } from "~/lib/api-paths"
import { paths } from "~/lib/paths"
import { env } from "~/platform/env.server"

export const meta: MetaFunction = ({ matches }) => pageTitle("Your purchase", matches)

export async function loader({ request }: LoaderFunctionArgs) {
  const sessionId = new URL(request.url).searchParams.get("session_id") ?? ""
  const purchase = await purchaseStatus(sessionId, viewerOf(request))
  if (purchase) return { purchase, sessionId, mailboxUrl: env().mailboxUrl }
  throw failure("not_found", {
    words: "We do not know this purchase. If you have paid, the mail with your link is on its way.",
  })
}

export async function action({ request, context }: ActionFunctionArgs) {
  const form = await readForm(request, Correction)
  if (!form.ok) return refuse(form)
  const sessionId = new URL(request.url).searchParams.get("session_id") ?? ""
  const corrected = await correctAddress({
    ...form.value,
    sessionId,
    checkoutId: markedPurchase(request) ?? "",
    requester: requesterOf(request, context),
  })
  if (!corrected.ok) return sayCorrectionRefusal(form, corrected.error)
  const words = `The mail is on its way to ${corrected.value.canonical}.`
  return redirectWithToast(paths.checkout.pending(sessionId), { kind: "good", words })
}

export default function Pending() {
  const { purchase: first, sessionId, mailboxUrl } = useLoaderData<typeof loader>()
  const purchase = usePurchase(first, sessionId)
  const said = purchaseWords(purchase)
  const refreshes = askAgainAfter(purchase)
  const problem = useActionData<typeof action>()
  return (
    <PublicPage
      title={said.title}
      lead={said.lead}
      footer={purchase.status === "active" && !purchase.slug && <NoMail purchase={purchase} />}
    >
      <div aria-live="polite" className="flex flex-col items-center gap-4">
        <span className="sr-only">{said.title}</span>
        {isWaiting(purchase) && <Progress label={said.title} />}
        <WayOn purchase={purchase} mailboxUrl={mailboxUrl} />
      </div>
      <CorrectAddress key={purchase.email} purchase={purchase} sessionId={sessionId} problem={problem} />
      {refreshes && (
        <noscript>
          <meta httpEquiv="refresh" content={String(refreshes)} />
        </noscript>
      )}
    </PublicPage>
  )
}

/** Asks the server every few seconds until there is nothing left to wait for [B1], and about a debit every minute. */
function usePurchase(first: PurchaseStatus, sessionId: string): PurchaseStatus {
  const [purchase, setPurchase] = useState(first)
  const pause = askAgainAfter(purchase)
  useEffect(() => setPurchase(first), [first])
  useEffect(() => {
    if (!pause) return
    const timer = setInterval(async () => {
      const answer = await fetch(apiPaths.billingStatus(sessionId)).catch(() => undefined)
      if (answer?.ok) setPurchase(await answer.json())
    }, pause * 1000)
    return () => clearInterval(timer)
  }, [pause, sessionId])
  return purchase
}

function WayOn({ purchase, mailboxUrl }: { purchase: PurchaseStatus; mailboxUrl?: string }) {
  const { status, detail, slug } = purchase
  if (status === "active" && slug) return <ButtonLink to={paths.onboarding(slug)}>Go on</ButtonLink>
  if (status === "active") return <InboxLinks address="" mailboxUrl={mailboxUrl} />
  if (detail === "failed" || detail === "expired")
    return <ButtonLink to={paths.pricing()}>See the plans</ButtonLink>
  return null
}
