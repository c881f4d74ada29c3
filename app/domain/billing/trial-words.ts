import { plural } from "~/lib/format"

/** What stands beside the button of Stripe's payment page: whoever presses it there agrees to this. */
export const trialTerms =
  "One trial for each organisation and e-mail address. Where there has been one before, the plan is charged at once."

/** Said where plans are shown, such as `The first 14 days are free`. */
export function trialLead(days: number): string {
  return days === 1 ? "The first day is free" : `The first ${plural(days, "day")} are free`
}

/** The terms, for the pages before Stripe's. */
export const trialFinePrint =
  "One trial for each organisation and e-mail address. Your card is asked for at the start and charged when the trial is over; you can end the plan before."
