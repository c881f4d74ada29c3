import type { LinkRefusal } from "~/domain/links/spend.server"

export type LinkFailure = LinkRefusal | "disabled" | "elsewhere"

/** Carries a refusal out of the strategy's callback, rolling its transaction back on the way. */
export class LinkError extends Error {
  constructor(readonly failure: LinkFailure) {
    super(failure)
    this.name = "LinkError"
  }
}
