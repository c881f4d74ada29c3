import { trialFinePrint, trialLead } from "~/domain/billing/trial-words"

type Props = {
  /** Days of trial this buyer would have; 0 for none. */
  trialDays: number
  /** Whether tax comes on top of the prices shown. */
  taxOnTop: boolean
}

/** What a buyer should know beside the price. Nothing where there is nothing to say. */
export function PriceNotes({ trialDays, taxOnTop }: Props) {
  if (trialDays === 0 && !taxOnTop) return null
  return (
    <div className="mx-auto mt-6 grid max-w-2xl gap-2 text-center text-ink-soft text-sm">
      {trialDays > 0 && (
        <p>
          <strong className="font-semibold text-ink">{trialLead(trialDays)}.</strong> {trialFinePrint}
        </p>
      )}
      {taxOnTop && <p>Prices are without tax. What applies to you is added on the payment page.</p>}
    </div>
  )
}
