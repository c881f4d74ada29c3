import { formatMoney } from "~/lib/format"

type Props = {
  /** In the currency's smallest unit, as Stripe counts it. */
  amount: number
  currency: string
  /** Leaves out ".00". */
  short?: boolean
}

/** An amount in its currency, in figures that line up. */
export function Money({ amount, currency, short }: Props) {
  return <span className="whitespace-nowrap tabular-nums">{formatMoney(amount, currency, { short })}</span>
}
