export type Seats = { members: number; invited: number; limit: number | null }

/** `5 of 200 taken, 1 more by an invitation` */
export function seatWords({ members, invited, limit }: Seats): string {
  const taken = `${members}${limit === null ? "" : ` of ${limit}`} taken`
  if (invited === 0) return taken
  return invited === 1 ? `${taken}, 1 more by an invitation` : `${taken}, ${invited} more by invitations`
}

/** How many more people can be invited; null is no limit. Never below zero: a plan may shrink. */
export function seatsLeft({ members, invited, limit }: Seats): number | null {
  return limit === null ? null : Math.max(0, limit - members - invited)
}

/** `44 of 50 seats are left.` */
export function seatsLeftWords(seats: Seats): string {
  const left = seatsLeft(seats)
  if (left === null) return ""
  if (left === 0) return `All ${seats.limit} seats are taken, or promised by an invitation.`
  return `${left} of ${seats.limit} seats ${left === 1 ? "is" : "are"} left.`
}
