import { data } from "@remix-run/node"
import { formatDuration } from "~/lib/format"
import { currentRequestId } from "~/platform/log.server"

/** Every failure a person or a program can see: its status and its sentence. Pages, forms and the JSON API share it. */
export const failures = {
  invalid_input: [400, "Some of what you sent does not fit. See what is said of each field."],
  not_json: [400, "The body is not JSON in UTF-8."],
  malformed: [400, "This address or request is malformed."],
  data_parameter: [400, "The parameter _data is not accepted."],
  link_invalid: [400, "This is no link of ours, or it was withdrawn. Ask for a fresh one."],
  code_wrong: [400, "This code does not fit, or no longer."],
  passkey_refused: [400, "This passkey was not accepted. Try again, or choose another way."],
  proof_refused: [400, "That does not prove that it is you. Try again, or choose another way."],
  signed_out: [401, "Sign in to go on."],
  wrong_credentials: [401, "This address and this password do not go together."],
  invalid_token: [401, "This token or key does not count, or no longer. Refresh it, or sign in again."],
  forbidden_origin: [403, "This request did not come from one of our pages. Open the page again and retry."],
  forbidden: [403, "Your role does not allow this. Ask an owner of the organisation."],
  sign_in_method: [
    403,
    "This organisation does not allow the way you signed in. Sign in again in another one.",
  ],
  second_factor: [403, "This organisation asks for a second factor. Set one up first."],
  proof_needed: [
    403,
    "Confirm that it is you first: the last time is a while ago. `GET /api/auth/proof` says how.",
  ],
  scope_missing: [403, "This API key was not made for this."],
  account_disabled: [403, "This account is shut. Ask the person who runs this site."],
  passwords_off: [403, "There are no passwords here. Have a link e-mailed instead."],
  link_elsewhere: [
    403,
    "This link works only where it was asked for. Use the code of the mail there, or ask for a fresh link here.",
  ],
  read_only: [403, "The plan of this organisation is not paid: it can be read, but not changed."],
  archived: [403, "This organisation is archived. Ask one of its owners."],
  not_found: [404, "There is nothing at this address, or it is not yours to see."],
  method_not_allowed: [405, "This method is not available here."],
  conflict: [409, "This has changed in the meantime. Look at it again and retry."],
  last_owner: [409, "An organisation needs an owner. Hand it over to someone else first."],
  no_seat: [409, "All seats of the plan are taken, or promised by an invitation."],
  already_member: [409, "This person belongs to the organisation already."],
  limit_reached: [409, "There are as many as there can be. Remove one first."],
  already_on: [409, "Two-factor sign-in is on already."],
  not_on: [409, "Two-factor sign-in is off."],
  nothing_pending: [409, "Nothing waits to be confirmed, or no longer. Begin anew."],
  way_not_open: [409, "This way of proving who you are is not open to you. See `ways`."],
  passkey_known: [409, "This passkey is kept already."],
  passkeys_off: [409, "Devices make no passkeys for an address without a name."],
  has_plan: [409, "This organisation has a plan already, or its payment is on its way."],
  no_plan: [409, "Nothing was bought for this organisation yet. Choose a plan first."],
  closing: [409, "This organisation is being closed. Restore it first."],
  step_by_doing: [409, "This step is done by doing it; it cannot be ticked."],
  link_good: [409, "This link has not expired: use it."],
  link_renewed: [409, "A fresh link was asked for in place of this one already. Look at the newest mail."],
  link_purpose: [409, "This link is for something else."],
  link_expired: [410, "This link has expired. Ask for a fresh one."],
  link_used: [410, "This link was used already, or the code that came with it."],
  last_way_in: [409, "Nothing else opens your account. Add another way to sign in first."],
  invitation_over: [410, "This invitation cannot be accepted any more. Ask whoever sent it for another one."],
  sign_in_over: [410, "This sign-in is over. Start again."],
  too_large: [413, "What you sent is too large."],
  json_expected: [415, "Send this as application/json, in no other coding."],
  unknown_host: [421, "This name is not served here."],
  idempotency_in_progress: [
    409,
    "The first call with this Idempotency-Key is at work. Try again in a moment.",
  ],
  idempotency_key_reused: [
    422,
    "This Idempotency-Key came with something else before. Give each thing to be made a key of its own.",
  ],
  failed: [500, "Something went wrong on our side. Please try again."],
  busy: [503, "Many people are signing in at this moment. Try again in a few seconds."],
  too_many_requests: [429, "Too many attempts. Wait a little and try again."],
  not_configured: [503, "Billing is not set up on this installation."],
  stripe_unreachable: [
    503,
    "The payment provider does not answer at the moment. Nothing was charged. Try again in a minute.",
  ],
} as const satisfies Record<string, readonly [number, string]>

export type FailureCode = keyof typeof failures

/** `wayOn`: where the person can go instead of the start page. */
export type FailureData = {
  code: FailureCode
  words: string
  /** How long until it makes sense to try again, in words. */
  wait?: string
  wayOn?: WayOn
}

export type WayOn = { to: string; label: string }

type Extra = { words?: string; retryAfterSeconds?: number; wayOn?: WayOn; headers?: HeadersInit }

/** Ends a page's loader or action: the error page shows the sentence. Use as `throw failure("not_found")`. */
export function failure(code: FailureCode, extra: Extra = {}) {
  const [status, words] = failures[code]
  const body: FailureData = {
    code,
    words: extra.words ?? words,
    wait: extra.retryAfterSeconds === undefined ? undefined : formatDuration(extra.retryAfterSeconds * 1_000),
    wayOn: extra.wayOn,
  }
  return data(body, { status, headers: headersOf(extra) })
}

/** The same for programs: `{ error: { code, message, fields?, requestId } }`; the id stands in our log, too. */
export function failureJson(code: FailureCode, extra: Extra & Told = {}): Response {
  const headers = headersOf(extra)
  for (const [name, value] of Object.entries(challengeHeaders(code))) headers.set(name, value)
  return Response.json(failureBody(code, extra), { status: failures[code][0], headers })
}

type Told = { words?: string; fields?: Record<string, string[]>; requestId?: string }

/** The one shape of what went wrong, for whoever answers a program. The id is that of the running request, unless given. */
export function failureBody(code: FailureCode, { words, fields, requestId = currentRequestId() }: Told = {}) {
  return { error: { code, message: words ?? failures[code][1], ...(fields && { fields }), requestId } }
}

/** How to call instead, for programs that are not known (RFC 6750, section 3). */
export function challengeHeaders(code: FailureCode): Record<string, string> {
  if (code === "signed_out" || code === "wrong_credentials") return { "WWW-Authenticate": "Bearer" }
  return code === "invalid_token" ? { "WWW-Authenticate": 'Bearer error="invalid_token"' } : {}
}

function headersOf({ headers, retryAfterSeconds }: Extra): Headers {
  const all = new Headers(headers)
  all.set("Cache-Control", "no-store")
  if (retryAfterSeconds !== undefined)
    all.set("Retry-After", String(Math.max(1, Math.ceil(retryAfterSeconds))))
  return all
}
