import { registrationOptions } from "~/domain/accounts/passkey-options.server"
import { registerPasskey } from "~/domain/accounts/passkey-registration.server"
import { createSession } from "~/domain/accounts/sessions.server"
import { transaction } from "~/platform/db.server"
import type { User } from "~/platform/models.server"
import type { Authenticator } from "./authenticator"

export const laptop = {
  clientAddress: "192.0.2.7",
  userAgent: "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
}

/** Gives this person a passkey, in a session of its own. */
export async function givePasskey(
  user: User,
  authenticator: Authenticator,
  name = "Laptop",
): Promise<{ sessionId: string; sessionToken: string }> {
  const { id: userId, email } = user
  const session = await transaction(tx => createSession(tx, userId, { method: "email" }, laptop))
  const answer = authenticator.create(await registrationOptions({ userId, email, name: user.name }))
  const who = { userId, email, sessionId: session.id, requester: laptop }
  const made = await registerPasskey(who, { name, answer })
  if (!made.ok) throw new Error(`The passkey was not taken: ${made.error}`)
  return { sessionId: session.id, sessionToken: made.value.sessionToken }
}
