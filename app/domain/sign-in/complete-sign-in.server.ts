/**
 * The one end of every way in: nothing else makes a session. It checks that the person may come in and what proof they still
 * owe [S9], gives the browser a new session id and ends the one it had [S2], ends their other waiting sign-ins, writes what
 * happened, and tells the person of a device not seen before.
 */
import { deviceLabel, networkOf } from "~/domain/accounts/device.server"
import { userAgentsOf } from "~/domain/accounts/devices.server"
import type { Requester } from "~/domain/accounts/requester"
import type { SecondFactor } from "~/domain/accounts/second-factors"
import { recordSecurityEvent } from "~/domain/accounts/security-events.server"
import { createSession, endSessionByToken } from "~/domain/accounts/sessions.server"
import { endChallengesOf, openChallenge } from "~/domain/accounts/sign-in-challenges.server"
import type { SignInMethod } from "~/domain/accounts/sign-in-methods"
import { hasTwoFactor } from "~/domain/accounts/two-factor.server"
import { noteSignIn } from "~/domain/accounts/users.server"
import { queueMail } from "~/domain/mail/outbox.server"
import { formatDateTime } from "~/lib/format"
import { err, ok, type Result } from "~/lib/result"
import { now } from "~/platform/clock.server"
import type { Tx } from "~/platform/db.server"
import { failpoint } from "~/platform/failpoint.server"
import { log } from "~/platform/log.server"
import type { User } from "~/platform/models.server"

/** Where someone came in, and the method by which they proved who they are there. */
const methodOf = {
  link: "email",
  code: "email",
  activation: "email",
  invitation: "email",
  setup: "email",
  reset: "email",
  password: "password",
  passkey: "passkey",
  google: "google",
  microsoft: "microsoft",
  oidc: "oidc",
} as const satisfies Record<string, SignInMethod>

export type WayIn = keyof typeof methodOf

/** Narrows the way a waiting sign-in remembers. */
export function isWayIn(value: string): value is WayIn {
  return Object.hasOwn(methodOf, value)
}

/** Whether whoever comes this way has shown that they read the mailbox. */
export function isMailedWay(way: WayIn): boolean {
  return methodOf[way] === "email"
}

export type SignIn = {
  user: Pick<User, "id" | "email" | "disabledAt" | "lastSignInAt">
  way: WayIn
  requester: Requester
  /** The session id this browser held until now, whoever's it was. */
  previousSessionToken?: string
  /** Where the link was asked for, when that was another network and another kind of device [L21]. */
  askedElsewhere?: string
  /** The second factor that was shown with this way in, or after it. */
  secondFactor?: SecondFactor
}

/** What a way in ends with: a session, or a challenge for the second factor that is still owed. Each with the value to keep in the browser. */
export type Entry = { token: string; userId: string } & (
  | { kind: "session"; sessionId: string }
  | { kind: "challenge" }
)

/** Signs the person in, within the caller's transaction. Fails with `disabled` for someone who is shut out. */
export async function completeSignIn(tx: Tx, signIn: SignIn): Promise<Result<Entry, "disabled">> {
  const { user, way, requester, secondFactor, askedElsewhere } = signIn
  if (user.disabledAt) {
    log.info({ user: user.id, way, why: "disabled" }, "sign-in refused")
    return err("disabled")
  }
  if (!secondFactor && (await hasTwoFactor(tx, user.id))) {
    const token = await openChallenge(tx, { userId: user.id, way, askedElsewhere })
    log.info({ user: user.id, way }, "second factor asked for")
    failpoint("sign-in.before-commit")
    return ok({ kind: "challenge", token, userId: user.id })
  }
  const known = new Set((await userAgentsOf(tx, user.id)).map(deviceLabel))
  if (signIn.previousSessionToken) await endSessionByToken(tx, signIn.previousSessionToken, "replaced")
  const session = await createSession(tx, user.id, { method: methodOf[way], secondFactor }, requester)
  await endChallengesOf(tx, user.id)
  await noteSignIn(tx, user.id)
  await recordSecurityEvent(tx, { userId: user.id, kind: "sign_in", detail: way, requester })
  if (askedElsewhere) {
    const elsewhere = { kind: "sign_in_elsewhere", detail: askedElsewhere } as const
    await recordSecurityEvent(tx, { userId: user.id, ...elsewhere, requester })
  }
  // By the device alone: a network changes with every train and café, and a mail for each would not be read.
  const cameBefore = known.size > 0 || user.lastSignInAt !== null
  const unseen = cameBefore && !known.has(deviceLabel(requester.userAgent))
  if (unseen || askedElsewhere) await tellOfNewDevice(tx, signIn, session.id)
  log.info({ user: user.id, way, session: session.id }, "sign-in done")
  failpoint("sign-in.before-commit")
  return ok({ kind: "session", token: session.token, sessionId: session.id, userId: user.id })
}

async function tellOfNewDevice(tx: Tx, signIn: SignIn, sessionId: string): Promise<void> {
  await queueMail(tx, {
    template: "new_device",
    to: signIn.user.email,
    parameters: {
      device: deviceLabel(signIn.requester.userAgent),
      network: networkOf(signIn.requester.clientAddress),
      at: formatDateTime(now(), "UTC"),
      askedElsewhere: signIn.askedElsewhere,
    },
    link: { userId: signIn.user.id },
    dedupeKey: `new_device:${sessionId}`,
  })
}
