type Seats = { members: number; invited: number; limit: number | null }

/** `5 of 200 taken, 1 more by an invitation` */
export function seatWords({ members, invited, limit }: Seats): string {
  const taken = `${members}${limit === null ? "" : ` of ${limit}`} taken`
  if (invited === 0) return taken
  return invited === 1 ? `${taken}, 1 more by an invitation` : `${taken}, ${invited} more by invitations`
}
