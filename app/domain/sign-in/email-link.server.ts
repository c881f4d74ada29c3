/**
 * Sign-in by link, through remix-auth and remix-auth-email-link. The strategy's own link (encrypted, unauthenticated,
 * re-usable, with its host from a header) never leaves this process: what is mailed is an opaque token whose hash is a row,
 * and the row decides purpose, expiry, single use and address. Requests to the strategy are built here on APP_URL [L14], and
 * its session storage keeps nothing.
 */
import { createSessionStorage } from "@remix-run/node"
import { Authenticator } from "remix-auth"
import { EmailLinkStrategy } from "remix-auth-email-link"
import { deviceOf, networkOf } from "~/domain/accounts/device.server"
import type { Requester } from "~/domain/accounts/requester"
import { findOrCreateUser, proveMailbox } from "~/domain/accounts/users.server"
import { signInPurposes } from "~/domain/links/purposes"
import { noteWhoUsed, readLink, spendLink } from "~/domain/links/spend.server"
import { completeSignIn, type Entry } from "~/domain/sign-in/complete-sign-in.server"
import { LinkError, type LinkFailure } from "~/domain/sign-in/link-error.server"
import { mayAskForLink, type TooMany } from "~/domain/sign-in/link-limits.server"
import { type RegistrationEnd, settleRegistration } from "~/domain/sign-in/registration.server"
import { type AskedLink, storeLinkRequest } from "~/domain/sign-in/request-link.server"
import { connectAfterLink } from "~/domain/sign-in/sso/waiting-identity.server"
import { paths } from "~/lib/paths"
import { err, ok, type Result } from "~/lib/result"
import { hashToken } from "~/platform/crypto.server"
import { db, type Tx, transaction } from "~/platform/db.server"
import { env } from "~/platform/env.server"
import { failpoint } from "~/platform/failpoint.server"
import { log } from "~/platform/log.server"
import type { Link } from "~/platform/models.server"

export type SignInAttempt = {
  requester: Requester
  /** The value of this browser's request cookie, if it has one. */
  requestToken?: string
  previousSessionToken?: string
}

export type SignInOutcome = {
  entry: Entry
  redirectTo: string | null
  /** When the link was asked for by registering: what became of what was chosen. */
  registration?: RegistrationEnd
}

const strategyName = "email-link"

/** Expiry is the row's to decide; the strategy only needs a number it can add to a date. */
const practicallyForever = 100 * 365 * 24 * 60 * 60 * 1000

/** Asks for a link, within the limits. Fails with when to come back. */
export async function askForSignInLink(asked: AskedLink): Promise<Result<void, TooMany>> {
  const allowed = await mayAskForLink(asked.email, asked.clientAddress)
  if (allowed.ok) await requestSignInLink(asked)
  return allowed
}

/** Asks for a link through the strategy, which hands the validated request to our queue. */
export async function requestSignInLink(asked: AskedLink): Promise<void> {
  const body = new URLSearchParams({ email: asked.email })
  const request = new Request(env().appUrl + paths.signIn.start(), {
    method: "POST",
    headers: appHeaders(),
    body,
  })
  await authenticate(request, strategy({ send: () => storeLinkRequest(db(), asked) }))
  failpoint("sign-in.request-stored")
}

/** Spends a sign-in link: user, proof of the mailbox and session in one transaction [L6]. Fails with why not. */
export async function signInWithLink(
  token: string,
  attempt: SignInAttempt,
): Promise<Result<SignInOutcome, LinkFailure>> {
  const view = await readLink(db(), signInPurposes, token)
  if (!view) return err("invalid")
  const spending = strategy({ enter: () => spendAndEnter(token, attempt) })
  const form = new FormData()
  form.set("email", view.link.email)
  const url = await spending.getMagicLink(view.link.email, env().appUrl, form)
  try {
    const outcome = await authenticate(new Request(url, { headers: appHeaders() }), spending)
    failpoint("sign-in.after-commit")
    if (!outcome) throw new Error("the email-link strategy ended without an outcome")
    return ok(outcome)
  } catch (error) {
    if (!(error instanceof LinkError)) throw error
    log.info({ link: view.link.id, why: error.failure }, "link refused")
    return err(error.failure)
  }
}

/** What follows a spent sign-in link or code, in its transaction. Throws a LinkError for whoever is shut out. */
export async function enter(
  tx: Tx,
  link: Link,
  way: "link" | "code",
  attempt: SignInAttempt,
): Promise<SignInOutcome> {
  const found = await findOrCreateUser(tx, { canonical: link.email, typed: link.emailTyped ?? link.email })
  const firstProof = found.provenAt === null
  if (firstProof) await proveMailbox(tx, found.id)
  const sameBrowser = isWhereAsked(link, attempt)
  const { requester } = attempt
  const of = { userId: found.id, firstProof, sameBrowser, requester }
  const registration = await settleRegistration(tx, link, of)
  const completed = await completeSignIn(tx, {
    user: found,
    way,
    requester,
    previousSessionToken: attempt.previousSessionToken,
    askedElsewhere: isElsewhere(link, attempt)
      ? `${deviceOf(link.userAgent).system}, ${networkOf(link.clientAddress)}`
      : undefined,
  })
  if (!completed.ok) throw new LinkError(completed.error)
  const entry = completed.value
  if (sameBrowser && link.requestHash)
    await connectAfterLink(tx, link.requestHash, found, { entry, requester })
  await noteWhoUsed(tx, link, found.id)
  return { entry, redirectTo: link.redirectTo, registration }
}

async function spendAndEnter(token: string, attempt: SignInAttempt): Promise<SignInOutcome> {
  return transaction(async tx => {
    const spent = await spendLink(tx, signInPurposes, token)
    if (!spent.ok) throw new LinkError(spent.error)
    if (env().askForCodeElsewhere && isElsewhere(spent.value, attempt)) throw new LinkError("elsewhere")
    return enter(tx, spent.value, "link", attempt)
  })
}

/** Another network *and* another kind of device than the link was asked for, in another browser [L21]. */
function isElsewhere(link: Link, attempt: SignInAttempt): boolean {
  if (!link.requestHash || isWhereAsked(link, attempt)) return false
  const { requester } = attempt
  const [asked, opened] = [deviceOf(link.userAgent), deviceOf(requester.userAgent)]
  const otherDevice = asked.kind !== opened.kind || asked.system !== opened.system
  return otherDevice && networkOf(link.clientAddress) !== networkOf(requester.clientAddress)
}

function isWhereAsked(link: Link, { requestToken }: SignInAttempt): boolean {
  return Boolean(requestToken && hashToken(requestToken) === link.requestHash)
}

async function authenticate(
  request: Request,
  through: EmailLinkStrategy<SignInOutcome>,
): Promise<SignInOutcome | undefined> {
  try {
    const options = request.method === "POST" ? { successRedirect: paths.signIn.sent() } : {}
    return await new Authenticator<SignInOutcome>(keepsNothing)
      .use(through)
      .authenticate(strategyName, request, options)
  } catch (answer) {
    // The strategy answers a POST with a redirect and a cookie of its own; the route writes both itself.
    if (answer instanceof Response) return undefined
    throw answer
  }
}

/**
 * The strategy for one request. What it is to do comes along as a function: a form field would go through its encryption,
 * which is slow for more than a few bytes.
 */
function strategy(act: { send?: () => Promise<void>; enter?: () => Promise<SignInOutcome> }) {
  return new EmailLinkStrategy<SignInOutcome>(
    {
      secret: env().appSecret,
      callbackURL: paths.signIn.link(),
      linkExpirationTime: practicallyForever,
      sendEmail: async () => act.send?.(),
    },
    async ({ magicLinkVerify }) => {
      if (magicLinkVerify && act.enter) return act.enter()
      throw new Error("the email-link strategy was asked to verify while sending")
    },
  )
}

function appHeaders() {
  const url = new URL(env().appUrl)
  return { host: url.host, "x-forwarded-host": url.host, "x-forwarded-proto": url.protocol.slice(0, -1) }
}

const keepsNothing = createSessionStorage({
  cookie: { name: "unused", secrets: ["unused"] },
  createData: async () => "",
  readData: async () => null,
  updateData: async () => {},
  deleteData: async () => {},
})
