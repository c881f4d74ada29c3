/**
 * The one end of every way in: nothing else makes a session. It checks that the person may come in, gives the browser a new
 * session id and ends the one it had [S2], writes what happened, and tells the person of a device not seen before.
 */
import { deviceLabel, networkOf } from "~/domain/accounts/device.server"
import type { Requester } from "~/domain/accounts/requester"
import { recordSecurityEvent } from "~/domain/accounts/security-events.server"
import { createSession, endSessionByToken, userAgentsOf } from "~/domain/accounts/sessions.server"
import type { SignInMethod } from "~/domain/accounts/sign-in-methods"
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
} as const satisfies Record<string, SignInMethod>

export type WayIn = keyof typeof methodOf

export type SignIn = {
  user: Pick<User, "id" | "email" | "disabledAt">
  way: WayIn
  requester: Requester
  /** The session id this browser held until now, whoever's it was. */
  previousSessionToken?: string
  /** Where the link was asked for, when that was another network and another kind of device [L21]. */
  askedElsewhere?: string
}

export type Completed = { sessionToken: string; userId: string }

/** Signs the person in, within the caller's transaction. Fails with `disabled` for someone who is shut out. */
export async function completeSignIn(tx: Tx, signIn: SignIn): Promise<Result<Completed, "disabled">> {
  const { user, way, requester } = signIn
  if (user.disabledAt) {
    log.info({ user: user.id, way, why: "disabled" }, "sign-in refused")
    return err("disabled")
  }
  const known = new Set((await userAgentsOf(tx, user.id)).map(deviceLabel))
  if (signIn.previousSessionToken) await endSessionByToken(tx, signIn.previousSessionToken, "replaced")
  const session = await createSession(tx, user.id, methodOf[way], requester)
  await noteSignIn(tx, user.id)
  await recordSecurityEvent(tx, { userId: user.id, kind: "sign_in", detail: way, requester })
  if (signIn.askedElsewhere) {
    await recordSecurityEvent(tx, {
      userId: user.id,
      kind: "sign_in_elsewhere",
      detail: signIn.askedElsewhere,
      requester,
    })
  }
  const unseen = known.size > 0 && !known.has(deviceLabel(requester.userAgent))
  if (unseen || signIn.askedElsewhere) await tellOfNewDevice(tx, signIn, session.id)
  log.info({ user: user.id, way, session: session.id }, "sign-in done")
  failpoint("sign-in.before-commit")
  return ok({ sessionToken: session.token, userId: user.id })
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
    dedupeKey: `new_device:${sessionId}`,
  })
}
