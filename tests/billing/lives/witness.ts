import type { Life } from "../../stand-ins/stripe/lives/life"
import type { Truth } from "../../stand-ins/stripe/lives/truth"
import { History } from "./history"
import { twice } from "./mail-verdict"
import { type Bounds, best, boundsOf, limitsOf, nothing, type Right, rank } from "./oracle"
import type { Seen } from "./seen"

export type Purchase = {
  id: string
  state: string
  stripeSessionId: string | null
  organizationId: string | null
  provisionedAt: number | null
  email: string
  businessName: string
}

/** What the app gives an organisation at this moment. */
export type RightOf = (organizationId: string) => Promise<Right>

/** Sees one life through, and says at every step what must never be, whatever is still under way. */
export class Witness {
  readonly history: History
  /** Every purchase there ever was, as it was last seen. */
  readonly purchases = new Map<string, Purchase>()
  /** Organisations somebody ever wanted closed. */
  readonly closings = new Set<string>()
  readonly problems: string[] = []
  #had = new Map<string, Right>()
  #ceiling = new Map<string, Right>()

  constructor(
    private readonly app: Seen,
    private readonly life: Life,
    private readonly rightOf: RightOf,
  ) {
    this.history = new History(app.ledger)
  }

  /** Whose a subscription is: told by the page it was bought on. Undefined while its first payment has not come. */
  ownerOf(truth: Truth): string | undefined {
    const session = this.app.ledger.sessions.find(row => row.subscription === truth.subscription)
    if (!session || session.payment_status === "unpaid") return undefined
    return this.purchases.get(session.client_reference_id ?? "")?.organizationId ?? undefined
  }

  /** The subscriptions of an organisation, as Stripe has them. */
  truthOf(organizationId: string): Truth[] {
    this.#look()
    return this.life.truth().filter(truth => this.ownerOf(truth) === organizationId)
  }

  /** What each organisation should have, by Stripe's books. */
  due(): Map<string, Bounds> {
    this.#look()
    const now = this.life.clock() / 1_000
    const found = new Map<string, Bounds[]>()
    // Who was erased is due nothing.
    const there = new Set(this.app.rows<{ id: string }>("SELECT id FROM Organization").map(row => row.id))
    for (const truth of this.life.truth()) {
      const owner = this.ownerOf(truth)
      if (owner && there.has(owner))
        found.set(owner, [...(found.get(owner) ?? []), boundsOf(truth, this.history, now)])
    }
    return new Map([...found].map(([id, bounds]) => [id, best(bounds)]))
  }

  /** The next moment at which time alone takes something from somebody, in seconds. */
  nextLimit(): number | undefined {
    this.#look()
    const now = this.life.clock() / 1_000
    const limits = this.life
      .truth()
      .flatMap(truth => (this.ownerOf(truth) ? limitsOf(truth, this.history, now) : []))
    return limits.sort((a, b) => a - b)[0]
  }

  /** The app has just listened, undisturbed: access has to be right now. */
  async judgeAccess(): Promise<void> {
    this.problems.push(...(await accessProblems(this.due(), this.rightOf)))
  }

  /** Lets the app do something, and looks at it before and afterwards. */
  async watch<T>(work: () => Promise<T>): Promise<T> {
    this.#ceiling = this.#mosts()
    const answer = await work()
    for (const [id, most] of this.#mosts()) {
      const before = this.#ceiling.get(id)
      if (!before || rank(most) > rank(before)) this.#ceiling.set(id, most)
    }
    await this.#noRiseUnpaid()
    this.problems.push(...this.#pagesTwice(), ...twice(this.app))
    return answer
  }

  #mosts(): Map<string, Right> {
    return new Map([...this.due()].map(([id, { most }]) => [id, most]))
  }

  /** Access never rises above what Stripe was paid for, or has let somebody try. */
  async #noRiseUnpaid(): Promise<void> {
    const organizations = this.app.rows<{ id: string }>("SELECT id FROM Organization")
    for (const { id } of organizations) {
      const has = await this.rightOf(id)
      const had = this.#had.get(id) ?? nothing
      const paid = this.#ceiling.get(id) ?? nothing
      if (rank(has) > rank(had) && rank(has) > rank(paid)) {
        this.problems.push(
          `${id} rose from ${words(had)} to ${words(has)}, and Stripe knows of no more than ${words(paid)}`,
        )
      }
      this.#had.set(id, has)
    }
  }

  #pagesTwice(): string[] {
    const seen = new Set<string>()
    return this.app.ledger.sessions.all().flatMap(({ client_reference_id: of }) => {
      if (of === null || !seen.has(of)) {
        seen.add(of ?? "")
        return []
      }
      return [`checkout ${of} has two pages`]
    })
  }

  #look(): void {
    this.history.read()
    for (const row of this.app.rows<Purchase>("SELECT * FROM Checkout")) this.purchases.set(row.id, row)
  }
}

/** Whose access is not what is due. */
export async function accessProblems(due: Map<string, Bounds>, rightOf: RightOf): Promise<string[]> {
  const problems: string[] = []
  for (const [organizationId, { least, most }] of due) {
    const has = await rightOf(organizationId)
    if (rank(has) >= rank(least) && rank(has) <= rank(most)) continue
    problems.push(`${organizationId} has ${words(has)}, by Stripe it is due ${span(least, most)}`)
  }
  return problems
}

function span(least: Right, most: Right): string {
  return rank(least) === rank(most) ? words(least) : `${words(least)} to ${words(most)}`
}

function words({ level, plan }: Right): string {
  return plan ? `${level} with ${plan}` : level
}
