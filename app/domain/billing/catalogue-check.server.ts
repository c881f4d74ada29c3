/**
 * Says when the Stripe account and the table of plans disagree [B13], at the start and once a day: a price that is missing,
 * switched off or other than its plan says, or a webhook endpoint that is missing, off, or of another version. Only reads,
 * keeps nobody waiting, and takes its alert down once all agrees. `npm run stripe:sync` mends what it finds.
 */
import {
  endpointFault,
  isReachableForStripe,
  lookAtEndpoints,
  lookAtPrices,
} from "~/domain/billing/catalogue-look.server"
import { clearAlert, raiseAlert } from "~/domain/mail/alerts.server"
import { log } from "~/platform/log.server"
import { isStripeSetUp, stripeApiVersion, stripeTrouble } from "~/platform/stripe.server"

const alertKey = "stripe-catalogue"

/** Compares, and raises or clears the operator's alert. Stripe being away changes nothing: the next round asks again. */
export async function checkCatalogue(): Promise<void> {
  if (!isStripeSetUp()) return
  try {
    const differences = [...(await priceDifferences()), ...(await endpointDifferences())]
    if (differences.length === 0) return await clearAlert(alertKey)
    await raiseAlert(alertKey, {
      title: "The Stripe account and the plans do not agree",
      words: `${differences.join(" ")} Run npm run stripe:sync to put it in order.`,
    })
  } catch (error) {
    const trouble = stripeTrouble(error)
    if (!trouble) throw error
    log.warn({ kind: trouble.kind, trouble: trouble.words }, "the plans could not be compared with stripe")
  }
}

async function priceDifferences(): Promise<string[]> {
  return (await lookAtPrices()).flatMap(({ wanted, setting, fault }) => {
    if (!fault) return []
    const name = setting ? `The price that ${setting} names` : `The price ${wanted.lookupKey}`
    return [`${name} ${fault.words}; the plan costs ${wanted.words}.`]
  })
}

/** Nothing, too, where Stripe cannot reach this address, or the key may not look at endpoints. */
async function endpointDifferences(): Promise<string[]> {
  if (!isReachableForStripe()) return []
  try {
    const { url, current, outdated } = await lookAtEndpoints()
    const fault = current && endpointFault(current)
    if (fault) return [`The webhook endpoint ${url} ${fault}.`]
    if (current) return []
    const [old] = outdated
    if (!old) return [`There is no webhook endpoint ${url}.`]
    const speaks = old.api_version ?? "the account’s own version"
    return [`The webhook endpoint ${url} speaks ${speaks} of the API, not ${stripeApiVersion}.`]
  } catch (error) {
    if (stripeTrouble(error)?.status !== 403) throw error
    log.info("the stripe key may not read webhook endpoints: they are not compared")
    return []
  }
}
