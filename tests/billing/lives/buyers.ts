import { startCheckout } from "~/domain/billing/checkout.server"
import { intervals, planIds } from "~/domain/billing/plans"
import { purchaseStatus } from "~/domain/billing/purchase-status.server"
import type { Dice } from "../../stand-ins/stripe/dice"
import type { AppInProcess } from "./app-in-process"

type Wish = Parameters<typeof startCheckout>[0]

/** The people at our own forms. What failed they send again, as people do. */
export class Buyers {
  readonly #unanswered: Wish[] = []
  #strangers = 0

  constructor(
    private readonly app: AppInProcess,
    private readonly dice: Dice,
  ) {}

  /** How many forms were never answered well. */
  get waiting(): number {
    return this.#unanswered.length
  }

  /** A stranger, up to a few of them, opens a payment page for a new organisation. */
  async newcomer(): Promise<string> {
    this.#strangers += 1
    return this.#open({
      ...this.#plan(),
      email: `buyer-${this.#strangers}@example.test`,
      businessName: `Example ${this.#strangers}`,
      requester: { clientAddress: "192.0.2.7", userAgent: "tests" },
    })
  }

  /** An owner opens one for an organisation that exists; the app may have reasons to say no. */
  async ownerBuys(): Promise<string> {
    const owners = this.app.rows<{ organizationId: string; userId: string; email: string; name: string }>(`
      SELECT o.id AS organizationId, o.name, u.id AS userId, u.email FROM Membership m
      JOIN Organization o ON o.id = m.organizationId JOIN User u ON u.id = m.userId
      WHERE m.role = 'owner' ORDER BY u.email`)
    const owner = this.dice.pick(owners)
    if (!owner) return "nobody owns anything yet"
    const { name: businessName, ...who } = owner
    const requester = { clientAddress: "192.0.2.7", userAgent: "tests" }
    return this.#open({ ...this.#plan(), ...who, businessName, requester })
  }

  /** Sends a form again that was never answered well. */
  async tryAgain(): Promise<string> {
    const wish = this.dice.pick(this.#unanswered)
    return wish ? this.#open(wish) : "nobody waits"
  }

  /** The buyer's browser comes back from Stripe, or looks again. */
  async look(): Promise<string> {
    const pages = this.app.rows<{ id: string }>(
      "SELECT stripeSessionId AS id FROM Checkout WHERE stripeSessionId IS NOT NULL ORDER BY createdAt, email, id",
    )
    const page = this.dice.pick(pages)
    if (!page) return "no page yet"
    await this.app.live(() => purchaseStatus(page.id))
    return page.id
  }

  #plan() {
    const interval = this.dice.chance(0.8) ? intervals[0] : intervals[1]
    return { plan: this.dice.pick(planIds) ?? planIds[0], interval }
  }

  async #open(wish: Wish): Promise<string> {
    let said = "died"
    await this.app.live(async () => {
      const started = await startCheckout(wish)
      said = started.ok ? "opened" : started.error.code
    })
    const at = this.#unanswered.indexOf(wish)
    if (at >= 0) this.#unanswered.splice(at, 1)
    if (said === "died" || said === "unavailable") this.#unanswered.push(wish)
    return `${wish.businessName} ${wish.plan} ${wish.interval}: ${said}`
  }
}
