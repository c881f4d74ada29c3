/** People a form lists by name to hand the organisation over to; fewer than these are everybody. */
export const mostListed = 101
