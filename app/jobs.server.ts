import { saveLastSeen } from "~/domain/accounts/last-seen.server"
import { purgePasskeyChallenges } from "~/domain/accounts/passkey-challenge.server"
import { wrongPassword } from "~/domain/accounts/password-guesses.server"
import { resealSecrets } from "~/domain/accounts/reseal.server"
import { purgeSessions } from "~/domain/accounts/sessions.server"
import { purgeChallenges } from "~/domain/accounts/sign-in-challenges.server"
import { purgeOfferedTotp } from "~/domain/accounts/totp.server"
import { activationResend } from "~/domain/billing/activation-resend.server"
import { checkCatalogue } from "~/domain/billing/catalogue-check.server"
import { finishClosing } from "~/domain/billing/close-organization.server"
import { triesAtMinute } from "~/domain/billing/closing"
import { followClosings } from "~/domain/billing/closing-round.server"
import { followBillingAddress, mendCustomer } from "~/domain/billing/customer-address.server"
import { deleteCustomer } from "~/domain/billing/delete-customer.server"
import { keepEarlierInvoices } from "~/domain/billing/earlier-invoices.server"
import { eraseOrganization, leaveNoTraces } from "~/domain/billing/erase-organization.server"
import { handleStripeEvent } from "~/domain/billing/handle-event.server"
import { hearLater } from "~/domain/billing/hear.server"
import { followInvoices } from "~/domain/billing/invoice-round.server"
import { followTimeOnceHeard } from "~/domain/billing/passing-time.server"
import { purgeBilling } from "~/domain/billing/purge.server"
import { compareIfMissed, reconcile } from "~/domain/billing/reconciliation.server"
import { resumePlans } from "~/domain/billing/reopen-organization.server"
import { closeRivals } from "~/domain/billing/rival-checkouts.server"
import { repairStripeEvents } from "~/domain/billing/sweep.server"
import { closeOtherTrials, endTrial } from "~/domain/billing/trials.server"
import { purgeProofCodes } from "~/domain/links/proof-code.server"
import { purgeLinks } from "~/domain/links/purge.server"
import { notifyOperators } from "~/domain/mail/notify-operators.server"
import { purgeMailLog } from "~/domain/mail/purge.server"
import { requeuePurchaseMails } from "~/domain/mail/requeue.server"
import { sendMail } from "~/domain/mail/send.server"
import { saveKeysUsed } from "~/domain/organizations/api-key-lookup.server"
import { purgeOffers } from "~/domain/organizations/ownership-offer.server"
import { forgetGoodbye } from "~/domain/privacy/delete-account.server"
import { passwordReset } from "~/domain/sign-in/password-reset.server"
import { purgeRegistrations } from "~/domain/sign-in/registration.server"
import { signInRequest } from "~/domain/sign-in/request-link.server"
import { purgeSsoRequests } from "~/domain/sign-in/sso/requests.server"
import { purgeWaitingIdentities } from "~/domain/sign-in/sso/waiting-identity.server"
import { purgeIdempotentAnswers } from "~/platform/idempotency.server"
import { type JobDefinition, type Jobs, purgeJobs, type Schedule, startJobs } from "~/platform/jobs.server"
import { tendSigningKeys } from "~/platform/signing-keys.server"

/** Everything the durable queue can run. */
export const jobDefinitions = [
  signInRequest,
  wrongPassword,
  passwordReset,
  sendMail,
  handleStripeEvent,
  activationResend,
  closeRivals,
  closeOtherTrials,
  keepEarlierInvoices,
  endTrial,
  hearLater,
  mendCustomer,
  followBillingAddress,
  finishClosing,
  resumePlans,
  eraseOrganization,
  deleteCustomer,
  leaveNoTraces,
  forgetGoodbye,
] satisfies JobDefinition[]

/** Everything that recurs, in the time zone of the process. */
export const schedules: Schedule[] = [
  { name: "sessions.last-seen", cron: "* * * * *", run: saveLastSeen },
  { name: "api-keys.last-used", cron: "* * * * *", run: saveKeysUsed },
  { name: "signing-keys", cron: "11 * * * *", atStart: true, run: tendSigningKeys },
  { name: "operators.notify", cron: "* * * * *", run: notifyOperators },
  {
    name: "mail.requeue",
    cron: "29 4 * * *",
    atStart: true,
    run: async () => void (await requeuePurchaseMails()),
  },
  {
    name: "secrets.reseal",
    cron: "53 3 * * *",
    atStart: true,
    run: async () => void (await resealSecrets()),
  },
  { name: "stripe.repair", cron: "7 * * * *", atStart: true, run: repairStripeEvents },
  { name: "organizations.closing", cron: `${triesAtMinute} * * * *`, atStart: true, run: followClosings },
  { name: "stripe.invoices", cron: "37 * * * *", atStart: true, run: followInvoices },
  { name: "billing.time", cron: "47 * * * *", atStart: true, run: followTimeOnceHeard },
  { name: "stripe.catalogue", cron: "23 2 * * *", atStart: true, run: checkCatalogue },
  { name: "stripe.compare", cron: "41 2 * * *", run: async () => void (await reconcile()) },
  { name: "stripe.compare-missed", cron: "13 * * * *", atStart: true, run: compareIfMissed },
  {
    name: "purge",
    cron: "17 3 * * *",
    atStart: true,
    run: async () => {
      await purgeLinks()
      await purgeProofCodes()
      await purgeSessions()
      await purgeChallenges()
      await purgeOfferedTotp()
      await purgePasskeyChallenges()
      await purgeRegistrations()
      await purgeMailLog()
      await purgeJobs()
      await purgeSsoRequests()
      await purgeWaitingIdentities()
      await purgeOffers()
      await purgeBilling()
      await purgeIdempotentAnswers()
    },
  },
]

/** Starts the queue and the schedules of this process. */
export function startAllJobs(): Jobs {
  return startJobs(jobDefinitions, schedules)
}
