import { domainOf } from "~/domain/accounts/addresses.server"
import { now } from "~/platform/clock.server"
import type { Client } from "~/platform/db.server"
import { env } from "~/platform/env.server"

/** Whether an address nobody has yet may make an account by signing in: SIGN_UP, or an invitation that waits for it. */
export async function maySignUp(client: Client, canonical: string): Promise<boolean> {
  const { signUp } = env()
  if (signUp === "open") return true
  if (signUp !== "invited" && signUp.includes(domainOf(canonical))) return true
  const waiting = await client.invitation.count({
    where: { email: canonical, acceptedAt: null, revokedAt: null, expiresAt: { gt: now() } },
  })
  return waiting > 0
}
