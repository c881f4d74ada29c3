/** What the people of an organisation read about its plan, by what the table of access says of it [B7]. */

/** Why a payment does not come by itself, where Stripe says so. */
export const paymentTroubles = ["needs_confirmation", "no_way_of_paying"] as const
export type PaymentTrouble = (typeof paymentTroubles)[number]

/** What somebody who manages billing can do about it, as its button says it. */
export const wayOutWords = {
  fix_payment: "Sort out the payment",
  confirm_payment: "Confirm the payment",
  resume_plan: "Resume the plan",
  choose_plan: "Choose a plan",
} as const
export type WayOutAct = keyof typeof wayOutWords

export type Banner = {
  tone: "info" | "warn" | "bad"
  words: string
  act?: WayOutAct
  /** When our patience ends. */
  until?: Date
}

type Overdue = { inGrace: Banner; readOnly: Banner; long: Banner }

/** A payment that is late: one that failed, or one whose confirmation the bank waits for. */
export function overdueBanners(trouble: string | null | undefined): Overdue {
  return trouble === "needs_confirmation" ? unconfirmed : failed
}

/** A plan that is paused: by somebody, or because its trial ended without a way of paying. */
export function pausedBanners(trouble: string | null | undefined): Omit<Overdue, "inGrace"> {
  return trouble === "no_way_of_paying" ? trialOver : paused
}

/** The first payment, which is under way or waits for its confirmation. */
export function pendingBanner(trouble: string | null | undefined): Banner {
  if (trouble !== "needs_confirmation") {
    return {
      tone: "info",
      words: "The first payment is on its way. The plan starts as soon as it arrives.",
    }
  }
  return {
    tone: "warn",
    words: "The bank wants the first payment to be confirmed. The plan starts as soon as it is.",
    act: "confirm_payment",
  }
}

export const ended: Banner = {
  tone: "bad",
  words: "The plan has ended. Nothing is lost: everything can be read and exported, but not changed.",
  act: "choose_plan",
}
export const longEnded: Banner = {
  tone: "bad",
  words: "The plan of this organisation ended a while ago. Nothing is lost.",
  act: "choose_plan",
}
export const unknownPrice: Banner = {
  tone: "warn",
  words: "This subscription is for a price we do not know. We have been told and are looking into it.",
}

const failed: Overdue = {
  inGrace: {
    tone: "warn",
    words: "The last payment did not go through. Everything keeps working while you sort it out.",
    act: "fix_payment",
  },
  readOnly: {
    tone: "bad",
    words:
      "A payment for the plan is missing. Until it arrives, everything can be read and exported, but not changed.",
    act: "fix_payment",
  },
  long: {
    tone: "bad",
    words: "The plan of this organisation has not been paid for a long time. Nothing is lost.",
    act: "fix_payment",
  },
}
const unconfirmed: Overdue = {
  inGrace: {
    tone: "warn",
    words: "The bank wants the last payment to be confirmed. Everything keeps working meanwhile.",
    act: "confirm_payment",
  },
  readOnly: {
    tone: "bad",
    words:
      "The bank wants the last payment to be confirmed. Until it is, everything can be read and exported, but not changed.",
    act: "confirm_payment",
  },
  long: { ...failed.long, act: "confirm_payment" },
}
const paused = {
  readOnly: {
    tone: "bad",
    words: "The plan is paused. Until it goes on, everything can be read and exported, but not changed.",
    act: "resume_plan",
  },
  long: {
    tone: "bad",
    words: "The plan of this organisation has been paused for a long time. Nothing is lost.",
    act: "resume_plan",
  },
} satisfies Omit<Overdue, "inGrace">
const trialOver = {
  ...paused,
  readOnly: {
    ...paused.readOnly,
    words:
      "The trial is over, and there is no way of paying yet. Everything can be read and exported, but not changed.",
  },
} satisfies Omit<Overdue, "inGrace">
