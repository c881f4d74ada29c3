import type { LoaderFunctionArgs } from "@remix-run/node"
import { type MetaFunction, useLoaderData } from "@remix-run/react"
import { useEffect, useState } from "react"
import { InboxLinks } from "~/components/inbox-links"
import { PublicPage } from "~/components/page"
import { pageTitle } from "~/components/page-title"
import { ButtonLink } from "~/components/ui/button"
import { Progress } from "~/components/ui/progress"
import { TextLink } from "~/components/ui/text-link"
import { isWaiting, type PurchaseStatus, purchaseWords } from "~/domain/billing/purchase"
import { purchaseStatus } from "~/domain/billing/purchase-status.server"
import { failure } from "~/http/failures.server"
import { optionalSession } from "~/http/guards.server"
import { paths } from "~/lib/paths"
import { env } from "~/platform/env.server"

export const meta: MetaFunction = ({ matches }) => pageTitle("Your purchase", matches)

export async function loader({ request }: LoaderFunctionArgs) {
  const sessionId = new URL(request.url).searchParams.get("session_id") ?? ""
  const purchase = await purchaseStatus(sessionId, optionalSession(request)?.userId)
  if (purchase) return { purchase, sessionId, mailboxUrl: env().mailboxUrl }
  throw failure("not_found", {
    words: "We do not know this purchase. If you have paid, the mail with your link is on its way.",
  })
}

export default function Pending() {
  const { purchase: first, sessionId, mailboxUrl } = useLoaderData<typeof loader>()
  const purchase = usePurchase(first, sessionId)
  const said = purchaseWords(purchase)
  return (
    <PublicPage
      title={said.title}
      lead={said.lead}
      footer={purchase.status === "active" && !purchase.slug && <NoMail />}
    >
      <div aria-live="polite" className="flex flex-col items-center gap-4">
        <span className="sr-only">{said.title}</span>
        {isWaiting(purchase) && <Progress label={said.title} />}
        <WayOn purchase={purchase} mailboxUrl={mailboxUrl} />
      </div>
      {isWaiting(purchase) && (
        <noscript>
          <meta httpEquiv="refresh" content="3" />
        </noscript>
      )}
    </PublicPage>
  )
}

const pollMs = 3_000

/** Asks the server every three seconds until there is nothing left to wait for [B1]. */
function usePurchase(first: PurchaseStatus, sessionId: string): PurchaseStatus {
  const [purchase, setPurchase] = useState(first)
  const waiting = isWaiting(purchase)
  useEffect(() => {
    if (!waiting) return
    const timer = setInterval(async () => {
      const answer = await fetch(paths.api.billingStatus(sessionId)).catch(() => undefined)
      if (answer?.ok) setPurchase(await answer.json())
    }, pollMs)
    return () => clearInterval(timer)
  }, [waiting, sessionId])
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

function NoMail() {
  return (
    <>
      No mail after a few minutes? Look in the spam folder, or{" "}
      <TextLink to={paths.activation.resend()}>have it sent again</TextLink>.
    </>
  )
}
