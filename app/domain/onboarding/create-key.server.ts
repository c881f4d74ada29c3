import type { Requester } from "~/domain/accounts/requester"
import { readProgress, settleProgress } from "~/domain/onboarding/progress.server"
import {
  type ApiKeyRefusal,
  type ApiKeyWish,
  createApiKey,
  type MadeApiKey,
} from "~/domain/organizations/api-keys.server"
import type { Membership } from "~/domain/organizations/memberships.server"
import { ok, type Result } from "~/lib/result"

/**
 * Makes an API key, and writes down the end of the guided set-up where it was the last step. `settingUp`: someone is on their way
 * through it. Fails as making a key does.
 */
export async function createKey(
  membership: Membership,
  wish: ApiKeyWish,
  requester: Requester,
): Promise<Result<MadeApiKey & { settingUp: boolean }, ApiKeyRefusal>> {
  const { finished, postponed } = await readProgress(membership)
  const made = await createApiKey(membership, wish, requester)
  if (!made.ok) return made
  if (!finished) await settleProgress(membership)
  return ok({ ...made.value, settingUp: !finished && !postponed })
}
