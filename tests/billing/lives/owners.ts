import { letAdminsManageBilling } from "~/domain/billing/admins-billing.server"
import { changePlan } from "~/domain/billing/change-plan.server"
import { requestClosing } from "~/domain/billing/close-organization.server"
import { endPlan, keepPlan } from "~/domain/billing/ending.server"
import { previewPlan } from "~/domain/billing/plan-preview.server"
import { intervals, planIds } from "~/domain/billing/plans"
import { openPortal } from "~/domain/billing/portal.server"
import { reopenOrganization } from "~/domain/billing/reopen-organization.server"
import { findMembership, type Membership } from "~/domain/organizations/memberships.server"
import type { Dice } from "../../stand-ins/stripe/dice"
import type { AppInProcess } from "./app-in-process"
import { mortal } from "./mortal"
import { planSold } from "./oracle"
import type { Witness } from "./witness"

const requester = { clientAddress: "192.0.2.7", userAgent: "tests" }

/** What owners do on our own billing page. What they were told must be so at Stripe. */
export class Owners {
  /** Offers that were shown once, and may be agreed to much later. */
  readonly #offers: { organizationId: string; sealed: string }[] = []

  constructor(
    private readonly app: AppInProcess,
    private readonly dice: Dice,
    private readonly witness: Witness,
  ) {}

  /** Looks at what another plan would cost, and mostly agrees to it: once, or twice at once. */
  async changesPlan(): Promise<string> {
    const owner = await this.#someone()
    if (!owner) return "nobody owns anything yet"
    const wish = {
      plan: this.dice.pick(planIds) ?? planIds[0],
      interval: this.dice.chance(0.7) ? intervals[0] : intervals[1],
    }
    const preview = await this.#said(async () => {
      const shown = await previewPlan(owner, wish)
      if (!shown.ok) return shown.error
      this.#offers.push({ organizationId: owner.organizationId, sealed: shown.value.offer })
      return "shown"
    })
    if (preview !== "shown" || this.dice.chance(0.15)) return `${wish.plan} ${wish.interval}: ${preview}`
    return `${wish.plan} ${wish.interval}: ${await this.#agrees(owner, this.#offers.at(-1)?.sealed ?? "")}`
  }

  /** Sends the form of an earlier offer again. */
  async agreesAgain(): Promise<string> {
    const offer = this.dice.pick(this.#offers)
    const owner = offer && (await this.#someone(offer.organizationId))
    return owner ? this.#agrees(owner, offer.sealed) : "no offer"
  }

  async #agrees(owner: Membership, sealed: string): Promise<string> {
    const { organizationId } = owner
    const before = this.#atStripe(organizationId)
    const times = this.dice.chance(0.3) ? 2 : 1
    const said = await Promise.all(
      Array.from({ length: times }, () =>
        this.#said(async () => {
          const changed = await changePlan(owner, sealed, requester)
          return changed.ok ? `has ${changed.value.plan} ${changed.value.interval}` : changed.error
        }),
      ),
    )
    const after = this.#atStripe(organizationId)
    const bills = after.bills - before.bills
    if (bills > 1) this.#wrong(`${organizationId}: one change of plan made ${bills} bills`)
    const told = said.find(word => word.startsWith("has "))
    if (told && !after.plans.includes(told.slice(4)))
      this.#wrong(`${organizationId} was told that it ${told}; Stripe has ${after.plans}`)
    const refused = said.every(word => !word.startsWith("has ") && word !== "unsure" && word !== "died")
    if (refused && `${after.plans}` !== `${before.plans}`)
      this.#wrong(`${organizationId} was told ${said}, and Stripe changed ${before.plans} to ${after.plans}`)
    return said.join(", ")
  }

  async endsPlan(): Promise<string> {
    const owner = await this.#someone()
    if (!owner) return "nobody owns anything yet"
    const said = await this.#said(async () => {
      const asked = await endPlan(owner, requester)
      return asked.ok ? (asked.value.endsAt ? "ends" : "ended") : asked.error
    })
    if (said === "ends" && this.#atStripe(owner.organizationId).ending === 0)
      this.#wrong(`${owner.organizationId} was told that its plan ends; Stripe goes on`)
    return said
  }

  async keepsPlan(): Promise<string> {
    const ending = this.app.rows<{ id: string }>(
      "SELECT organizationId AS id FROM Subscription WHERE cancelAt IS NOT NULL AND endedAt IS NULL ORDER BY stripeSubscriptionId",
    )
    const owner = await this.#someone(this.dice.pick(ending)?.id)
    if (!owner) return "nobody owns anything yet"
    const said = await this.#said(async () => {
      const asked = await keepPlan(owner, requester)
      return asked.ok ? (asked.value.endsAt ? "still ends" : "goes on") : asked.error
    })
    const { ending: left, plans } = this.#atStripe(owner.organizationId)
    if (said === "goes on" && plans.length === 1 && left > 0)
      this.#wrong(`${owner.organizationId} was told that its plan goes on; at Stripe it ends`)
    return said
  }

  async closes(): Promise<string> {
    const owner = await this.#someone()
    if (!owner) return "nobody owns anything yet"
    this.witness.closings.add(owner.organizationId)
    return this.#said(async () => {
      const asked = await requestClosing(owner, requester)
      return asked.ok ? "asked" : asked.error
    })
  }

  async reopens(): Promise<string> {
    const closing = this.app.rows<{ id: string }>(
      "SELECT id FROM Organization WHERE closeRequestedAt IS NOT NULL ORDER BY slug",
    )
    const owner = await this.#someone(this.dice.pick(closing)?.id ?? "")
    if (!owner) return "nobody closes"
    return this.#said(async () => {
      const asked = await reopenOrganization(owner, requester)
      return asked.ok ? asked.value.outcome : asked.error
    })
  }

  async trustsAdmins(): Promise<string> {
    const owner = await this.#someone()
    if (!owner) return "nobody owns anything yet"
    const allowed = this.dice.chance(0.5)
    const said = await this.#said(async () => {
      const asked = await letAdminsManageBilling(owner, allowed, requester)
      return asked.ok ? "done" : asked.error
    })
    const [row] = this.app.rows<{ adminsManageBilling: number }>(
      "SELECT adminsManageBilling FROM Organization WHERE id = ?",
      owner.organizationId,
    )
    if (said === "done" && row?.adminsManageBilling !== Number(allowed))
      this.#wrong(`${owner.organizationId}: admins may ${allowed ? "not " : ""}manage billing all the same`)
    return said
  }

  async goesToPortal(): Promise<string> {
    const owner = await this.#someone()
    if (!owner) return "nobody owns anything yet"
    const flow = this.dice.chance(0.5) ? { flow: "payment_method" as const } : {}
    return this.#said(async () => {
      const opened = await openPortal(owner, flow)
      return opened.ok ? "opened" : opened.error
    })
  }

  async #someone(organizationId?: string): Promise<Membership | undefined> {
    const owners = this.app.rows<{ userId: string; slug: string; id: string }>(`
      SELECT m.userId, o.slug, o.id FROM Membership m JOIN Organization o ON o.id = m.organizationId
      JOIN User u ON u.id = m.userId WHERE m.role = 'owner' ORDER BY u.email, o.slug`)
    const one = this.dice.pick(
      owners.filter(row => organizationId === undefined || row.id === organizationId),
    )
    return one && findMembership(one.userId, one.slug)
  }

  /** What the page said; "died" when nobody answered any more. */
  async #said(work: () => Promise<string>): Promise<string> {
    let said = "died"
    await this.app.live(async () => {
      said = await work()
    })
    return mortal.isDead() ? "died" : said
  }

  #atStripe(organizationId: string): { plans: string[]; bills: number; ending: number } {
    const { ledger } = this.app
    const mine = this.witness.truthOf(organizationId)
    const live = mine.filter(one => !["canceled", "incomplete_expired"].includes(one.status))
    const bills = ledger.invoices.filter(
      row =>
        row.billing_reason === "subscription_update" &&
        mine.some(one => one.subscription === row.parent?.subscription_details?.subscription),
    )
    return {
      plans: live.map(one => `${planSold(one.lookupKeys)} ${one.interval}`),
      bills: bills.length,
      ending: mine.filter(one => one.cancelAt !== null).length,
    }
  }

  #wrong(problem: string): void {
    this.witness.problems.push(problem)
  }
}
