import { secondFactorOptions } from "~/domain/accounts/passkey-options.server"

/** What a page needs to ask for a passkey as second factor [S9]; undefined when this person has none that works here. */
export async function passkeyAsked(userId: string) {
  const { challenge, timeout, rpId, allowCredentials, userVerification } = await secondFactorOptions(userId)
  if (!allowCredentials?.length) return undefined
  return { challenge, timeout, rpId, allowCredentials, userVerification }
}
