import { startCheckout } from "~/domain/billing/checkout.server"
import { followTime } from "~/domain/billing/passing-time.server"
import type { PlanId } from "~/domain/billing/plans"
import { receiveStripeEvent } from "~/domain/billing/stripe-events.server"
import { jobDefinitions } from "~/jobs.server"
import { db, transaction } from "~/platform/db.server"
import { setEnv } from "~/platform/env.server"
import { startJobs } from "~/platform/jobs.server"
import { saveLimits } from "~/platform/rate-limit.server"
import { buildOrganization, buildUser } from "../support/cast"
import { webhookSecret } from "./beside"
import { addMonths, DAY, HOUR } from "./stripe/clock"
import { signatureHeader } from "./stripe/delivery/signature"
import type { LocalStripe } from "./stripe/local-stripe"

/*
 * What happened before the demo begins: organisations that paid, stopped paying, tried, ended. It is lived through, day by day,
 * with Stripe's clock and the app's, so that every plan, invoice and mail is there for the reason it would be.
 */

/** Who owns one organisation in each state of billing. */
export const paula = { name: "Paula Park", email: "paula@park.example" }

type Story = {
  name: string
  slug: string
  plan: PlanId
  /** When the plan is bought, in seconds. */
  bought: number
  trialDays?: number
  /** From when its card is declined. */
  fails?: number
  /** When it is set to end with its period. */
  ends?: number
}

/** So many days before `today`. */
const ago = (today: number, days: number) => today - days * DAY
/** Bought so that its last period began so many days ago. */
const renewed = (today: number, days: number, months = 1) => addMonths(ago(today, days), -months)

function storiesUntil(today: number): Story[] {
  return [
    { name: "Acme Bicycles", slug: "acme", plan: "professional", bought: renewed(today, 12, 2) },
    { name: "Cedar Coffee", slug: "cedar", plan: "starter", bought: ago(today, 11.5), trialDays: 14 },
    {
      name: "Dune Studio",
      slug: "dune",
      plan: "professional",
      bought: renewed(today, 2.5),
      fails: ago(today, 9),
    },
    { name: "Elm Press", slug: "elm", plan: "starter", bought: renewed(today, 10), fails: ago(today, 15) },
    {
      name: "Fern & Sons",
      slug: "fern",
      plan: "professional",
      bought: renewed(today, 40),
      fails: ago(today, 45),
    },
    { name: "Grove Labs", slug: "grove", plan: "starter", bought: renewed(today, 5), ends: ago(today, 20) },
    { name: "Harbor Tools", slug: "harbor", plan: "enterprise", bought: ago(today, 18), ends: ago(today, 4) },
  ]
}

/** When the account at Stripe is opened for all this to happen, in seconds. */
export function historyBegins(today: number): number {
  return Math.min(...storiesUntil(today).map(({ bought }) => bought)) - DAY
}

/** Lives through it up to `today`, in seconds. The app's clock follows Stripe's; nothing else runs beside it. */
export async function liveThroughHistory(
  stripe: LocalStripe,
  settings: Record<string, string>,
  today: number,
): Promise<void> {
  await stripe.setDunning({ retryDays: [3, 5, 7], afterwards: "past_due" })
  const stories = storiesUntil(today)
  await foundOrganizations(stories)
  const jobs = startJobs(jobDefinitions, [], { manual: true })
  const told = new Set<string>()
  const pass = async () => {
    await tellApp(stripe, told)
    await jobs.settle()
    await followTime()
    await jobs.settle()
  }
  for (const { at, act } of actsOf(stories, stripe, settings)) {
    while ((await stripe.time()) + DAY < at) await stripe.advance({ seconds: 12 * HOUR }).then(pass)
    await stripe.advance({ to: Math.max(at, await stripe.time()) })
    await act()
    await pass()
  }
  while ((await stripe.time()) < today - DAY) await stripe.advance({ seconds: 12 * HOUR }).then(pass)
  await stripe.advance({ to: Math.floor(Date.now() / 1_000) })
  await pass()
  await jobs.stop()
  await saveLimits()
}

function actsOf(stories: Story[], stripe: LocalStripe, settings: Record<string, string>) {
  return stories
    .flatMap(story => [
      { at: story.bought, act: () => buy(story, stripe, settings) },
      ...(story.fails
        ? [
            {
              at: story.fails,
              act: async () => stripe.setCard({ ...(await customerOf(story)), works: false }),
            },
          ]
        : []),
      ...(story.ends
        ? [{ at: story.ends, act: async () => stripe.cancel({ ...(await planOf(story)), when: "portal" }) }]
        : []),
    ])
    .sort((one, other) => one.at - other.at)
}

/** All but the first, which is there already, are Paula's. */
async function foundOrganizations(stories: Story[]): Promise<void> {
  await transaction(async tx => {
    const founded = (time: number) => new Date((time - DAY) * 1_000)
    const first = Math.min(...stories.map(({ bought }) => bought))
    const owner = await buildUser(tx, { ...paula, createdAt: founded(first) })
    for (const { name, slug, bought } of stories) {
      if ((await tx.organization.count({ where: { slug } })) > 0) continue
      const organization = await buildOrganization(tx, {
        name,
        slug,
        createdAt: founded(bought),
        members: [[owner, "owner"]],
      })
      const at = organization.createdAt
      await tx.onboarding.create({
        data: { organizationId: organization.id, startedAt: at, finishedAt: at },
      })
    }
  })
}

async function buy(
  { name, plan, trialDays, slug }: Story,
  stripe: LocalStripe,
  settings: Record<string, string>,
) {
  const { organization, user } = await db().membership.findFirstOrThrow({
    where: { role: "owner", organization: { slug } },
    include: { organization: true, user: true },
  })
  setEnv({ ...settings, TRIAL_DAYS: String(trialDays ?? 0) })
  const started = await startCheckout({
    plan,
    interval: "month",
    email: user.email,
    businessName: organization.name,
    organizationId: organization.id,
    userId: user.id,
    requester: { clientAddress: "127.0.0.1", userAgent: "" },
  })
  setEnv(settings)
  if (!started.ok) throw new Error(`${slug} could not buy its plan: ${started.error.code}`)
  await stripe.completeCheckout({ session: started.value.sessionId, name })
}

/** Posts what Stripe has to tell, as it would. */
async function tellApp(stripe: LocalStripe, told: Set<string>): Promise<void> {
  for (const event of await stripe.events()) {
    if (told.has(event.id)) continue
    told.add(event.id)
    const body = JSON.stringify(event)
    const signature = signatureHeader(body, [webhookSecret], await stripe.time())
    const taken = await receiveStripeEvent(Buffer.from(body), signature)
    if (!taken.ok) throw new Error(`${event.type} was refused: ${taken.error}`)
  }
}

async function customerOf({ slug }: Story): Promise<{ customer: string }> {
  const { stripeCustomerId } = await db().organization.findUniqueOrThrow({ where: { slug } })
  return { customer: stripeCustomerId ?? "" }
}

async function planOf({ slug }: Story): Promise<{ subscription: string }> {
  const plan = await db().subscription.findFirstOrThrow({ where: { organization: { slug } } })
  return { subscription: plan.stripeSubscriptionId }
}
