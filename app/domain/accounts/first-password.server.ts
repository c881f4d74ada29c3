import { hashChoice } from "~/domain/accounts/password.server"
import type { PasswordFlaw } from "~/domain/accounts/password-rules"
import { ok, type Result } from "~/lib/result"
import { env } from "~/platform/env.server"
import type { User } from "~/platform/models.server"

/** Nobody, or somebody whose mailbox is unproven: they begin here. */
type Newcomer = Pick<User, "provenAt"> | null

/** Whether a person chooses a password where they begin, because everyone here has one. */
export function asksForPassword(person: Newcomer): boolean {
  return env().passwords === "required" && !person?.provenAt
}

/** The hash of what they chose, or undefined when nobody is asked. Fails with what is wrong with it. */
export async function firstPassword(
  person: Newcomer,
  typed: string | undefined,
  about: readonly string[],
): Promise<Result<string | undefined, PasswordFlaw | "busy">> {
  return asksForPassword(person) ? hashChoice(typed ?? "", about) : ok(undefined)
}
