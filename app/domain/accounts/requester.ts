/** Where an act came from, as far as the server can know. */
export type Requester = { clientAddress: string; userAgent: string }
