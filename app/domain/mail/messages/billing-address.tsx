import { z } from "zod"
import { message } from "~/domain/mail/message"
import { MailButton, MailText } from "~/domain/mail/parts"
import { paths } from "~/lib/paths"

/** To the address that is the billing address from now on. It may be a stranger's: plain names, and nothing to click. */
export const billingAddressGiven = message({
  name: "billing_address_given",
  parameters: z.object({ organizationName: z.string(), byName: z.string() }),
  subject: p => `Mail about payments of ${p.organizationName} comes here now`,
  preview: p => `${p.byName} gave this address for it.`,
  why: p =>
    `You get this because ${p.byName} entered this address. Not expecting it? Tell them: they can take it out again.`,
  body: ({ parameters, appName }) => (
    <MailText>
      {parameters.byName} made this the billing address of {parameters.organizationName} on {appName}.
      Receipts and invoices of the payment provider are sent here from now on, and a word when a payment does
      not go through.
    </MailText>
  ),
})

/** To the address that was it until now. */
export const billingAddressWithdrawn = message({
  name: "billing_address_withdrawn",
  parameters: z.object({ organizationName: z.string(), byName: z.string() }),
  subject: p => `Mail about payments of ${p.organizationName} no longer comes here`,
  preview: p => `${p.byName} has changed the billing address.`,
  why: p => `You get this because this was the billing address of ${p.organizationName}.`,
  body: ({ parameters }) => (
    <MailText>
      {parameters.byName} has changed the billing address of {parameters.organizationName}. If that was not
      agreed with you, ask them about it.
    </MailText>
  ),
})

/** To the owners, when mail about payments had come to them alone. */
export const billingAddressAdded = message({
  name: "billing_address_added",
  parameters: z.object({
    organizationName: z.string(),
    organizationSlug: z.string(),
    byName: z.string(),
    billingEmail: z.string(),
  }),
  subject: p => `${p.organizationName} has a billing address now`,
  preview: p => `Mail about payments goes to ${p.billingEmail}.`,
  why: p => `You get this because you own ${p.organizationName}.`,
  body: ({ parameters, appUrl }) => (
    <>
      <MailText>
        {parameters.byName} made {parameters.billingEmail} the billing address of{" "}
        {parameters.organizationName}. Receipts and invoices of the payment provider are sent there from now
        on. When a payment does not go through, you still hear of it, too.
      </MailText>
      <MailButton href={`${appUrl}${paths.organization.billing(parameters.organizationSlug)}`}>
        Open billing
      </MailButton>
    </>
  ),
})
