import { type ActionFunctionArgs, type LoaderFunctionArgs, redirect } from "@remix-run/node"
import { type MetaFunction, useActionData, useLoaderData } from "@remix-run/react"
import { BuyerFields } from "~/components/buyer-fields"
import { PublicPage } from "~/components/page"
import { pageTitle } from "~/components/page-title"
import { PriceNotes } from "~/components/price-notes"
import { Button } from "~/components/ui/button"
import { Form } from "~/components/ui/form"
import { TextLink } from "~/components/ui/text-link"
import { startCheckout } from "~/domain/billing/checkout.server"
import { currency, isInterval, isPlanId, plans } from "~/domain/billing/plans"
import { StartCheckout } from "~/domain/billing/schemas"
import { buyerAtForm } from "~/http/buyer.server"
import { checkoutRequestOf, sayCheckoutRefusal } from "~/http/checkout-wish.server"
import { failures } from "~/http/failures.server"
import { readForm, refuse } from "~/http/forms.server"
import { markPurchase } from "~/http/purchase-cookie.server"
import { formatMoney } from "~/lib/format"
import { paths } from "~/lib/paths"

export const meta: MetaFunction = ({ matches }) => pageTitle("Checkout", matches)

export async function loader({ request }: LoaderFunctionArgs) {
  const query = new URL(request.url).searchParams
  const [plan, interval, org] = [query.get("plan"), query.get("interval") ?? "month", query.get("org")]
  if (!isPlanId(plan) || !isInterval(interval)) throw redirect(paths.pricing({ org: org ?? undefined }))
  return { plan, interval, ...(await buyerAtForm(request, org)) }
}

export async function action({ request, context }: ActionFunctionArgs) {
  const form = await readForm(request, StartCheckout)
  if (!form.ok) return refuse(form)
  const checkout = await checkoutRequestOf(request, context, form.value)
  if (!checkout.ok) return refuse(form, { fields: checkout.error })
  const started = await startCheckout(checkout.value)
  if (started.ok) {
    const { url, begunHere } = started.value
    const mark: HeadersInit = begunHere ? { "Set-Cookie": markPurchase(begunHere) } : {}
    return redirect(url, { status: 303, headers: mark })
  }
  const { code, words, fields, retryAfterSeconds } = sayCheckoutRefusal(started.error)
  const headers: HeadersInit = retryAfterSeconds ? { "Retry-After": String(retryAfterSeconds) } : {}
  return refuse(form, fields ? { fields } : { message: words }, { status: failures[code][0], headers })
}

export default function Checkout() {
  const { plan, interval, organization, trialDays, taxOnTop, ...buyer } = useLoaderData<typeof loader>()
  const price = formatMoney(plans[plan].cents[interval], currency, { short: true })
  const every = interval === "month" ? "a month" : "a year"
  return (
    <PublicPage
      title={`The ${plans[plan].name} plan`}
      lead={
        organization
          ? `For ${organization.name}, ${price} ${every}.`
          : `${price} ${every}. You can end it at any time.`
      }
      footer={
        <TextLink to={paths.pricing({ interval, org: organization?.slug })}>Choose another plan</TextLink>
      }
    >
      <Form
        action={paths.checkout.start({ plan, interval, org: organization?.slug })}
        problem={useActionData<typeof action>()}
      >
        <input type="hidden" name="plan" value={plan} />
        <input type="hidden" name="interval" value={interval} />
        {organization ? (
          <input type="hidden" name="organization" value={organization.slug} />
        ) : (
          <BuyerFields {...buyer} />
        )}
        <Button size="large" wide pendingLabel="Opening the payment page…">
          Continue to payment
        </Button>
      </Form>
      <PriceNotes trialDays={trialDays} taxOnTop={taxOnTop} />
      <p className="mt-6 text-center text-ink-soft text-sm">
        You pay on Stripe’s page. Your card number never reaches us.
      </p>
    </PublicPage>
  )
}
