import { listSessions } from "~/domain/accounts/devices.server"
import { isProvider, nameOfProvider } from "~/domain/accounts/providers.server"
import { hasTwoFactor } from "~/domain/accounts/two-factor.server"
import { db } from "~/platform/db.server"
import { env } from "~/platform/env.server"

/** What guards an account and what opens it, at a glance. */
export type SecurityOverview = {
  /** Absent where this installation has no passwords. */
  password?: { since?: Date }
  twoFactor: boolean
  recoveryCodesLeft: number
  passkeys: number
  /** Names of what is connected, each once. */
  connections: string[]
  devices: number
}

/** What stands on the security page of this person. */
export async function securityOverview(userId: string): Promise<SecurityOverview> {
  const [password, twoFactor, recoveryCodesLeft, passkeys, identities, sessions] = await Promise.all([
    db().password.findUnique({ where: { userId }, select: { changedAt: true } }),
    hasTwoFactor(db(), userId),
    db().recoveryCode.count({ where: { userId, usedAt: null } }),
    db().passkey.count({ where: { userId } }),
    db().identity.findMany({
      where: { userId },
      orderBy: { connectedAt: "asc" },
      select: { provider: true },
    }),
    listSessions(userId),
  ])
  const names = identities.map(({ provider }) => (isProvider(provider) ? nameOfProvider(provider) : provider))
  return {
    ...(env().passwords !== "off" && { password: { since: password?.changedAt } }),
    twoFactor,
    recoveryCodesLeft,
    passkeys,
    connections: [...new Set(names)],
    devices: sessions.length,
  }
}
